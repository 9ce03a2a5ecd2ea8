//! Ports that a gateway can keep over a restart.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU16, Ordering},
};

/// The first of so many free ports in a row, below those that the system gives to outgoing
/// connections: one of them could take a port while the gateway is down.
pub(crate) fn lasting_ports(count: u16) -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let process = u16::try_from(std::process::id() % 1000).unwrap();
    loop {
        let step = NEXT.fetch_add(count, Ordering::Relaxed);
        let first = 12_000 + (process * 20 + step) % 18_000;
        let is_free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
        if (first..first + count).all(is_free) {
            return first;
        }
    }
}
