//! What must hold of any answer of a reader.

use std::collections::BTreeMap;
use std::fmt::Display;

use model::limits::MAX_FINDINGS_OF_A_KIND;
use model::{Diagnostic, Diagnostics};

/// The value, where it would be a fault that there is none.
#[track_caller]
#[expect(clippy::panic, reason = "that is how a target tells a fault")]
pub(crate) fn must<T, E: Display>(what: &str, result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error}"),
    }
}

/// The value, or nothing once the refusal was held to what [`told`] asks.
#[track_caller]
pub(crate) fn accepted<T>(result: Result<T, Diagnostic>) -> Option<T> {
    result.map_err(|problem| told(&problem)).ok()
}

/// The same for a reader that tells all problems at once.
#[track_caller]
pub(crate) fn all_accepted<T>(result: Result<T, Diagnostics>) -> Option<T> {
    result.map_err(|problems| problems.0.iter().for_each(told)).ok()
}

/// A problem cannot move a terminal, nor act as a command of a runner.
#[track_caller]
pub(crate) fn told(problem: &Diagnostic) {
    let text = problem.to_string();
    let moves = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    assert!(!text.contains(moves), "{text:?} holds control characters");
    assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text:?} is a command");
    let annotation = problem.annotation();
    assert!(!annotation.contains(['\n', '\r']), "{annotation:?} has several lines");
    assert!(!problem.message.is_empty(), "{problem:?} says nothing");
}

/// Findings are told a bounded number of times each.
#[track_caller]
pub(crate) fn bounded(problems: &[Diagnostic]) {
    let mut kinds = BTreeMap::new();
    for problem in problems {
        told(problem);
        *kinds.entry((problem.code.name, problem.severity)).or_insert(0_usize) += 1;
    }
    for ((code, _), count) in kinds {
        assert!(count <= MAX_FINDINGS_OF_A_KIND, "{code} was told {count} times");
    }
}

/// Locations in `file` lie within its text.
#[track_caller]
pub(crate) fn located<'p>(
    problems: impl IntoIterator<Item = &'p Diagnostic>,
    file: &str,
    text: &str,
) {
    let lines: Vec<&str> = text.split('\n').collect();
    for problem in problems {
        told(problem);
        let Some(location) = problem.location.as_ref().filter(|place| place.file == file) else {
            continue;
        };
        assert!(location.line <= lines.len(), "{problem} is behind the last line");
        let Some(line) = location.line.checked_sub(1).and_then(|at| lines.get(at)) else {
            assert_eq!(location.column, 0, "{problem} has a column and no line");
            continue;
        };
        let columns = line.chars().count() + 1;
        assert!(location.column <= columns, "{problem} is behind the line's end");
    }
}
