use fiador_kernel::{Msisdn, Region};

const WORDS: [&str; 18] = [
    "+", "00", "0", "34", "600", "000", "001", "1", "39", "44", "7", "52", "999", " ", "-", "(",
    ")", ".",
];

#[test]
fn a_number_reads_the_same_from_its_own_digits() {
    crate::check!("msisdn", WORDS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let home: Region = "ES".parse().unwrap();
        for home in [None, Some(home)] {
            let Ok(number) = Msisdn::parse(text, home) else { continue };
            // T-123: budgets count one number, however it was written.
            assert!(number == Msisdn::from_digits(number.digits()).unwrap());
            assert!(number == Msisdn::parse(&format!("+{}", number.digits()), home).unwrap());
            assert!((7..=15).contains(&number.digits().len()));
            assert!(!format!("{number:?} {number}").contains(number.digits()));
        }
    });
}
