//! Processor time and memory of a process, from the proc file system (proc(5)).

use std::time::Duration;

use anyhow::Context;

/// Clock ticks per second of `/proc/<pid>/stat`: what the kernel shows to programs, on every
/// architecture that the gateway is built for.
const TICKS_PER_SECOND: u32 = 100;

/// Memory of a process, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    /// Resident: everything mapped and in memory.
    pub(super) resident: u64,
    /// Proportional: pages that processes share count in part.
    pub(super) proportional: u64,
}

/// User and system time of all threads of a process, ended ones included; in steps of 10 ms.
pub(super) fn cpu_of(process: u32) -> anyhow::Result<Duration> {
    read_cpu(&format!("/proc/{process}/stat"))
}

/// User and system time of the thread that asks; in steps of 10 ms.
pub(super) fn cpu_of_this_thread() -> anyhow::Result<Duration> {
    read_cpu("/proc/thread-self/stat")
}

/// Memory of a process now.
pub(super) fn memory_of(process: u32) -> anyhow::Result<Memory> {
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{process}/{file}"));
    let resident = kibibytes(&read("status")?, "VmRSS:").context("no VmRSS")?;
    let proportional = kibibytes(&read("smaps_rollup")?, "Pss:").context("no Pss")?;
    Ok(Memory { resident: resident * 1024, proportional: proportional * 1024 })
}

fn read_cpu(path: &str) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(path).with_context(|| path.to_owned())?;
    let ticks = ticks(&stat).with_context(|| format!("{path} cannot be read"))?;
    Ok(Duration::from_secs(ticks) / TICKS_PER_SECOND)
}

/// Fields 14 and 15, `utime` and `stime`. The name in parentheses may hold anything, so counting
/// begins after it, with field 3.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_ascii_whitespace().skip(11);
    Some(times.next()?.parse::<u64>().ok()? + times.next()?.parse::<u64>().ok()?)
}

fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_and_spaces_does_not_shift_the_fields() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 9 0 0 0 123 45 6 7 20 0 3 0 100";
        assert_eq!(ticks(stat), Some(168));
    }

    #[test]
    fn a_cut_line_is_no_time() {
        assert_eq!(ticks("7 (a) S 1 7"), None);
        assert_eq!(ticks(""), None);
    }

    #[test]
    fn memory_is_read_by_its_name() {
        let rollup = "00-ff ---p 00 00:00 0 [rollup]\nRss:  9000 kB\nPss:    8123 kB\n";
        assert_eq!(kibibytes(rollup, "Pss:"), Some(8123));
        assert_eq!(kibibytes(rollup, "Swap:"), None);
    }
}
