//! Errors as operators read them.

/// The error and its causes on one line. A cause that its effect has quoted is not said again.
pub fn complaint(error: &anyhow::Error) -> String {
    let mut said = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn causes_are_told_once() {
        let cause = std::io::Error::other("the disk is on fire");
        let error = Err::<(), _>(cause).context("cannot read it: the disk is on fire");
        let error = error.context("keys.root_key_file").unwrap_err();
        assert_eq!(complaint(&error), "keys.root_key_file: cannot read it: the disk is on fire");
    }
}
