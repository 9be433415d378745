//! `explain`: what a diagnostic's code means, from the codes that the crates declare.

use std::process::ExitCode;

use model::{Code, Codes, Diagnostic, Severity};
use pipeline::Failure;
use serde::Serialize;

use crate::args::Output;
use crate::codes;
use crate::{Outcome, out, print};

/// A declared code, as it is printed.
#[derive(Serialize)]
struct Explained {
    code: &'static str,
    title: &'static str,
    severity: Severity,
    class: &'static str,
    #[serde(rename = "crate")]
    package: &'static str,
}

/// What machines get.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    codes: Vec<&'a Explained>,
}

/// Explains the code called `name`, or lists all.
pub(crate) fn run(name: Option<&str>, output: Output) -> Outcome {
    let all = all();
    let chosen: Vec<&Explained> =
        all.iter().filter(|one| name.is_none_or(|name| one.code == name)).collect();
    if let (Some(name), true) = (name, chosen.is_empty()) {
        let message = format!("there is no code `{name}`");
        let problem = Diagnostic::new(&codes::USAGE_CODE, message);
        let help = release::suggest(name, all.iter().map(|one| one.code));
        return Err(Failure::usage(problem.help(help)));
    }
    match (output, name) {
        (Output::Json, _) => {
            out::line(print::json(&Answer { schema: SCHEMA, codes: chosen }))?;
        }
        (_, Some(_)) => chosen.iter().try_for_each(|one| out::line(paragraph(one)))?,
        (_, None) => out::text(table(&chosen))?,
    }
    Ok(ExitCode::SUCCESS)
}

const SCHEMA: &str = "package-actions/codes/1";

/// Where the reference of all codes is.
const REFERENCE: &str = "docs/reference/problem-codes.md";

fn all() -> Vec<Explained> {
    let mut crates = pipeline::declared_codes();
    crates.extend([api::codes::CODES, actions::codes::CODES, codes::CODES]);
    let mut all: Vec<Explained> = crates.into_iter().flat_map(explained).collect();
    all.sort_by_key(|one| one.code);
    all
}

fn explained(codes: Codes) -> impl Iterator<Item = Explained> {
    codes.declared.iter().map(move |declared| {
        let Code { name, class, severity } = declared.code;
        let (title, class) = (declared.title, class.as_str());
        Explained { code: name, title, severity: *severity, class, package: codes.package }
    })
}

fn paragraph(one: &Explained) -> String {
    let severity = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    format!(
        "{severity}[{}]: {}\n\nclass: {}\nfound by: {}\nreference: {REFERENCE}#{}",
        one.code, one.title, one.class, one.package, one.code
    )
}

fn table(codes: &[&Explained]) -> String {
    let width = codes.iter().map(|one| one.code.len()).max().unwrap_or_default();
    codes.iter().map(|one| format!("{:width$}  {}\n", one.code, one.title)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_is_declared_once_and_has_a_title_of_one_sentence() {
        let all = all();
        let names: BTreeSet<&str> = all.iter().map(|one| one.code).collect();
        assert_eq!(names.len(), all.len(), "a code is declared twice");
        for Explained { code, title, .. } in &all {
            let sentence = title.ends_with('.') && !title.contains('{') && title.len() > 10;
            assert!(sentence, "the title of `{code}` is `{title}`");
        }
    }
}
