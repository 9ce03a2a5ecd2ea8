//! HTTP 200 of v1: every operator, for applications that draw the selection themselves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The operators by country (mobile-connect.md §1.4, v1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorList {
    /// `data`: ISO 3166-1 alpha-2 country to its operators, in the order they were given.
    pub data: BTreeMap<String, Vec<ListedOperator>>,
}

/// One operator of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedOperator {
    /// `mcc_mnc`: what the application sends to select it.
    pub mcc_mnc: String,
    /// `opName`: as users know it.
    #[serde(rename = "opName")]
    pub name: String,
}

impl OperatorList {
    /// From country, `mcc_mnc` and name of each operator.
    pub fn new(operators: impl IntoIterator<Item = (String, String, String)>) -> Self {
        let mut data: BTreeMap<String, Vec<ListedOperator>> = BTreeMap::new();
        for (country, mcc_mnc, name) in operators {
            data.entry(country).or_default().push(ListedOperator { mcc_mnc, name });
        }
        Self { data }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_stand_under_their_country() {
        let operator = |country: &str, network: &str, name: &str| {
            (country.to_owned(), network.to_owned(), name.to_owned())
        };
        let list = OperatorList::new([
            operator("GB", "234_15", "A"),
            operator("ES", "214_07", "B"),
            operator("GB", "234_20", "C"),
        ]);
        assert_eq!(
            serde_json::to_string(&list).unwrap(),
            r#"{"data":{"ES":[{"mcc_mnc":"214_07","opName":"B"}],"GB":[{"mcc_mnc":"234_15","opName":"A"},{"mcc_mnc":"234_20","opName":"C"}]}}"#
        );
    }
}
