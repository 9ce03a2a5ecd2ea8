//! The table, on the terminal and in docs/performance.md.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;

use super::conditions::Conditions;
use super::figures::{Figures, Spread};
use super::process::Memory;

/// What is between these lines is rewritten.
const BEGIN: &str = "<!-- measured: `cargo xtask bench` writes from here -->";
const END: &str = "<!-- measured: to here -->";

/// The measured part of the document.
pub(super) fn render(figures: &Figures, conditions: &Conditions) -> String {
    let mut text = String::from("| measure | target | measured | rounds |\n|---|---:|---:|---:|\n");
    let mut row = |name: &str, target: &str, measured: String, rounds: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {name} | {target} | {measured} | {rounds} |");
    };
    let micros = |spread: Spread| {
        (format!("{:.0} µs", spread.mean), format!("{:.0} to {:.0}", spread.least, spread.most))
    };
    let tenths = |spread: Spread| (format!("{:.1} µs", spread.mean), between(spread, 1));
    let Some(first) = figures.rounds.first() else { return text };
    for (at, login) in first.logins.iter().enumerate() {
        let ratio = figures.spread(|round| round.logins[at].ratio());
        let target = if at == 0 { "≤ 2.0" } else { "" };
        let name = format!("**login, {}: times signature and bare requests**", login.kind.title());
        row(&name, target, format!("**{:.2}**", ratio.mean), between(ratio, 2));
        let (mean, rounds) = micros(figures.spread(|round| in_micros(round.logins[at].gateway)));
        row("— server, one login", "", mean, rounds);
        let (mean, rounds) = micros(figures.spread(|round| in_micros(round.logins[at].signature)));
        row("— one raw signature", "", mean, rounds);
        let requests = figures.spread(|round| round.logins[at].requests);
        row("— HTTP requests", "", format!("{:.2}", requests.mean), between(requests, 2));
        let floor = figures.spread(|round| in_micros(round.logins[at].floor));
        let (mean, rounds) = tenths(floor);
        row("— one of them at the bare server", "", mean, rounds);
        let floor = figures.spread(|round| in_micros(round.logins[at].floor_at_pace));
        let (mean, rounds) = tenths(floor);
        row("— the same at the pace of the logins", "", mean, rounds);
        let paced = figures.spread(|round| round.logins[at].ratio_at_pace());
        row("— ratio at that pace", "", format!("{:.2}", paced.mean), between(paced, 2));
    }
    let share = figures.spread(|round| 100.0 * round.introspection_share());
    row(
        "**introspection: rate against the bare server**",
        "≥ 20 %",
        format!("**{:.0} %**", share.mean),
        between(share, 0),
    );
    let (mean, rounds) = tenths(figures.spread(|round| in_micros(round.introspection)));
    row("— server, one introspection", "", mean, rounds);
    let (mean, rounds) = tenths(figures.spread(|round| in_micros(round.introspection_floor)));
    row("— the same request at the bare server", "", mean, rounds);
    let ready = &figures.startup.ready_after;
    if let (Some(least), Some(median), Some(most)) =
        (ready.first(), ready.get(ready.len() / 2), ready.last())
    {
        row(
            "**ready after start, median**",
            "≤ 200 ms",
            format!("**{} ms**", median.as_millis()),
            format!("{} to {}", least.as_millis(), most.as_millis()),
        );
    }
    if let Some(idle) = figures.startup.idle {
        row(
            "**memory, idle after start**",
            "≤ 40 MB",
            format!("**{}**", megabytes(idle)),
            String::new(),
        );
    }
    row("memory after the load", "", megabytes(figures.loaded), String::new());
    text.push_str("\nConditions:\n\n| | |\n|---|---|\n");
    for (name, value) in &conditions.0 {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    text
}

/// Puts the measured part in place of the one that `document` has.
pub(super) fn put(document: &Path, measured: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(document).with_context(|| document.display().to_string())?;
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("no line {BEGIN}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("no line {END}"))?;
    Ok(fs::write(document, format!("{before}{BEGIN}\n\n{measured}\n{END}{after}"))?)
}

fn in_micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

fn between(spread: Spread, digits: usize) -> String {
    format!("{:.digits$} to {:.digits$}", spread.least, spread.most)
}

/// Proportional first: it is what the process adds to the machine.
fn megabytes(memory: Memory) -> String {
    let show = |bytes: u64| format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10);
    format!("{} ({} resident)", show(memory.proportional), show(memory.resident))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_measured_part_is_rewritten() {
        let folder = tempfile::tempdir().unwrap();
        let document = folder.path().join("performance.md");
        fs::write(&document, format!("# Before\n\n{BEGIN}\nold\n{END}\n\nAfter\n")).unwrap();
        put(&document, "| new |\n").unwrap();
        put(&document, "| newer |\n").unwrap();
        let text = fs::read_to_string(&document).unwrap();
        assert_eq!(text, format!("# Before\n\n{BEGIN}\n\n| newer |\n\n{END}\n\nAfter\n"));
    }

    #[test]
    fn a_document_without_the_lines_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let document = folder.path().join("performance.md");
        fs::write(&document, "# Nothing here\n").unwrap();
        assert!(put(&document, "x").is_err());
        assert_eq!(fs::read_to_string(&document).unwrap(), "# Nothing here\n");
    }

    #[test]
    fn memory_is_told_in_decimal_megabytes() {
        let memory = Memory { resident: 40_960_000, proportional: 38_049_999 };
        assert_eq!(megabytes(memory), "38.0 MB (40.9 MB resident)");
    }
}
