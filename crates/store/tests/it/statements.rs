//! Both engines understand every statement.

/// The lists hold more, since those over several rows count once for each size.
const FEWEST: usize = 80;

contract! {
    async fn every_statement_can_be_prepared(fixture: &Fixture) {
        let store = fixture.open().await;
        let prepared = store.prepare_every_statement().await.unwrap();
        assert!(prepared > FEWEST, "{prepared} are fewer than the crate has");
    }
}

/// A statement outside `statements!` would escape the test above. What is engine-specific may
/// stand in that engine's file.
#[test]
fn no_statement_is_written_outside_the_lists() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![folder];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let production = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in production.lines().enumerate() {
                let literal = ["query(\"", "execute(\"", "query_row(\"", "raw_sql("];
                let transaction = line.contains("\"COMMIT\"") || line.contains("\"ROLLBACK\"");
                let found = literal.iter().any(|call| line.contains(call)) && !transaction;
                assert!(!found, "{}:{}: {line}", path.display(), number + 1);
                seen += usize::from(line.contains("query("));
            }
        }
    }
    assert!(seen > 20, "the search looks in the wrong place");
}
