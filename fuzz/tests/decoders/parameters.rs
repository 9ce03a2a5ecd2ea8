use fiador_wire_oauth::parameters::Parameters;

const WORDS: [&str; 14] =
    ["client_id", "scope", "=", "&", "+", "%", "%20", "%C3%B1", "%ff", "%00", "a", "é", "==", "&&"];

#[test]
fn a_form_that_was_read_is_written_and_read_the_same() {
    crate::check!("parameters", WORDS, |bytes| {
        for read in [Parameters::parse, Parameters::parse_query] {
            let Ok(form) = read(bytes) else { continue };
            // Percent-encoding makes text longer, never the decoded value.
            assert!(form == Parameters::parse(form.encode().as_bytes()).unwrap());
            assert!(form.repeated().count() <= form.len() / 2);
            assert!(form.iter().all(|(name, _)| form.get(name).is_some()));
        }
    });
}
