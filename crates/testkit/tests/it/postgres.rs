use std::process::Command;

use fiador_testkit::postgres::Server;

fn ask(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--tuples-only", "--no-align", "--command", sql, url])
        .output()
        .unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

#[test]
fn each_test_gets_an_empty_database_that_goes_with_it() {
    let server = Server::shared().unwrap();
    let one = server.database().unwrap();
    let two = server.database().unwrap();
    ask(one.url(), "CREATE TABLE t (x BIGINT)").unwrap();
    assert_eq!(ask(one.url(), "SELECT count(*) FROM t").unwrap(), "0");
    assert!(ask(two.url(), "SELECT count(*) FROM t").unwrap_err().contains("does not exist"));

    let url = one.url().to_owned();
    drop(one);
    assert!(ask(&url, "SELECT 1").unwrap_err().contains("does not exist"));
}

#[test]
fn text_sorts_by_code_point_as_in_sqlite() {
    let database = Server::shared().unwrap().database().unwrap();
    let sorted = ask(
        database.url(),
        "SELECT string_agg(x, '' ORDER BY x) FROM (VALUES ('b'), ('A'), ('a'), ('B')) AS v (x)",
    );
    assert_eq!(sorted.unwrap(), "ABab");
}

#[test]
fn committed_rows_survive_a_crash_of_the_server() {
    let mut server = Server::start().unwrap();
    let database = server.database().unwrap();
    ask(database.url(), "CREATE TABLE t (x BIGINT); INSERT INTO t VALUES (42)").unwrap();

    server.crash().unwrap();
    assert!(ask(database.url(), "SELECT 1").unwrap_err().contains("refused"));

    server.start_again().unwrap();
    assert_eq!(ask(database.url(), "SELECT x FROM t").unwrap(), "42");
}
