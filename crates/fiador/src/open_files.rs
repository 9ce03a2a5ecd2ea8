//! The limit on open files, which every connection counts against.

use std::fs;

/// Below this the listeners' own bound on connections is never reached: the system refuses first.
const WANTED: u64 = 20_000;

/// Logs a warning when the process may open fewer files than its connections need.
pub fn warn_if_low() {
    let Some(limit) = fs::read_to_string("/proc/self/limits").ok().as_deref().and_then(soft_limit)
    else {
        return;
    };
    if limit < WANTED {
        tracing::warn!(
            limit,
            wanted = WANTED,
            "few open files are allowed: raise LimitNOFILE of the service, or connections beyond \
             the limit will wait"
        );
    }
}

fn soft_limit(limits: &str) -> Option<u64> {
    let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_is_read_from_its_line() {
        let limits = "Limit     Soft Limit  Hard Limit  Units\n\
                      Max open files            1024                 1048576              files\n";
        assert_eq!(soft_limit(limits), Some(1024));
        assert_eq!(soft_limit("nothing"), None);
    }
}
