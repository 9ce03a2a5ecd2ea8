//! Under which conditions was measured: without them no number means anything.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use super::Options;

/// Name and value of each condition.
pub(super) struct Conditions(pub(super) Vec<(&'static str, String)>);

/// Looks at the machine and at the options.
pub(super) fn observe(root: &Path, options: &Options) -> anyhow::Result<Conditions> {
    let Options { logins, rounds, users, subscribers, .. } = options;
    let threads = std::thread::available_parallelism()?;
    Ok(Conditions(vec![
        ("date", output("date", &["-u", "+%Y-%m-%d"])?),
        (
            "commit",
            output("git", &["-C", &root.to_string_lossy(), "describe", "--always", "--dirty"])?,
        ),
        ("processor", format!("{}, {threads} cores", processor()?)),
        ("load before the run", load_average()?),
        ("system", output("uname", &["-srm"])?),
        ("file system of the database", file_system(root)?),
        ("compiler", output("rustc", &["--version"])?),
        ("build", "`--profile dist`: default features, optimised across crates".to_owned()),
        ("database", "SQLite on disk, WAL, `synchronous=FULL`".to_owned()),
        ("logs", "`info` as JSON to a file".to_owned()),
        (
            "load",
            format!(
                "{users} users at the same time with two keep-alive connections each, \
                 {subscribers} subscriptions, {logins} logins of each kind in {rounds} rounds"
            ),
        ),
    ]))
}

fn output(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.with_context(|| format!("cannot start {program}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn processor() -> anyhow::Result<String> {
    let text = fs::read_to_string("/proc/cpuinfo")?;
    let named = text.lines().find_map(|line| line.strip_prefix("model name"));
    let name = named.map(|name| name.trim_start_matches([' ', '\t', ':']));
    Ok(name.unwrap_or("unnamed").to_owned())
}

fn load_average() -> anyhow::Result<String> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
}

fn file_system(root: &Path) -> anyhow::Result<String> {
    output("findmnt", &["--noheadings", "--output=FSTYPE", "--target", &root.to_string_lossy()])
}
