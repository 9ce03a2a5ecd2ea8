//! The subscriptions of the bench and the phones that belong to them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// All numbers begin so; the gateway is told that they are its own.
pub(super) const NUMBER_RANGE: &str = "346000";

/// Every subscription with its phone.
pub(super) struct Subscribers {
    phones: Vec<Phone>,
    by_number: HashMap<String, usize>,
}

/// A phone: holds the last code until somebody reads it.
pub(super) struct Phone {
    /// Digits, without `+`.
    pub(super) number: String,
    code: Mutex<Option<String>>,
    arrived: Notify,
}

impl Subscribers {
    /// So many.
    pub(super) fn new(count: u64) -> Self {
        let phones: Vec<Phone> = (0..count).map(Phone::new).collect();
        let numbers = phones.iter().map(|phone| phone.number.clone());
        let by_number = numbers.zip(0..).collect();
        Self { phones, by_number }
    }

    /// All of them, in order.
    pub(super) fn all(&self) -> &[Phone] {
        &self.phones
    }

    /// A code has come for a number; a number of nobody is not served.
    pub(super) fn deliver(&self, number: &str, code: String) {
        if let Some(phone) = self.by_number.get(number).and_then(|&at| self.phones.get(at)) {
            *phone.code.lock().unwrap_or_else(PoisonError::into_inner) = Some(code);
            phone.arrived.notify_one();
        }
    }
}

impl Phone {
    fn new(index: u64) -> Self {
        let number = format!("{NUMBER_RANGE}{index:05}");
        Self { number, code: Mutex::new(None), arrived: Notify::new() }
    }

    /// Waits for the next code and takes it.
    pub(super) async fn code(&self) -> String {
        loop {
            let code = self.code.lock().unwrap_or_else(PoisonError::into_inner).take();
            match code {
                Some(code) => return code,
                None => self.arrived.notified().await,
            }
        }
    }
}
