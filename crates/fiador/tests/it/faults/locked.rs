//! An SQLite file belongs to one process.

use fiador_testkit::peers::{Behaviour, MessageCentre};

use crate::world::{Site, fiador};

#[tokio::test]
async fn a_second_gateway_on_the_same_file_says_who_is_in_the_way() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let _running = site.start_empty();
    let mut second = site.node();
    second.database_url.clone_from(&site.database_url);
    let config = second.write_configuration();
    for command in ["serve", "migrate"] {
        let complaint = fiador(&[command, "--config", &config]).failed();
        assert!(complaint.contains("fiador.db"), "{command}: {complaint}");
        assert!(complaint.contains("another process"), "{command}: {complaint}");
    }
}

#[tokio::test]
async fn a_file_that_another_program_has_locked_is_a_clear_error() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let config = site.write_configuration();
    fiador(&["migrate", "--config", &config]).succeeded();

    let script = "import sqlite3, sys\n\
         c = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
         c.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()";
    let mut holder = std::process::Command::new("python3")
        .args(["-c", script, site.file("fiador.db").to_str().unwrap()])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = std::io::BufReader::new(holder.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut output, &mut line).unwrap();
    assert_eq!(line.trim(), "locked");
    let complaint = fiador(&["serve", "--config", &config]).failed();
    drop(holder.stdin.take());
    holder.wait().unwrap();
    assert!(complaint.contains("database"), "{complaint}");
    // The holder is gone: nothing was damaged.
    site.start_empty();
}
