//! Prints answers: tables for people, JSON for machines.

use model::{
    Diagnostic, Diagnostics, Digest, Invocation, Manifest, Plan, UnitId, UnitStatus, Version,
};
use serde::Serialize;

use crate::args::Output;
use crate::out;
use release::{INSPECTS, Planned};

/// Problems go to stderr; inside a workflow run also as annotations, for machines as JSON.
pub(crate) fn problems(problems: &Diagnostics, output: Output) {
    if problems.is_empty() {
        return;
    }
    if output == Output::Json {
        out::tell(json(&serde_json::json!({ "problems": problems })));
        return;
    }
    problems.0.iter().for_each(problem);
}

/// One problem, for people.
pub(crate) fn problem(problem: &Diagnostic) {
    out::tell(problem);
    if std::env::var_os("GITHUB_ACTIONS").is_some() {
        actions::folded(problem).iter().for_each(out::tell);
        // The runner reads annotations from either stream; stdout is for data.
        out::tell(problem.annotation());
    }
}

/// Indented JSON.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A plan with its digest, as JSON.
pub(crate) fn plan(planned: &Planned) -> String {
    // Written straight from the plan: by way of a JSON value a large one takes twice the time.
    #[derive(Serialize)]
    struct Answer<'p> {
        digest: Digest,
        #[serde(rename = "tag-version", skip_serializing_if = "Option::is_none")]
        tag_version: Option<&'p Version>,
        plan: &'p Plan,
    }
    let Planned { plan, tag_version, .. } = planned;
    json(&Answer { digest: plan.digest(), tag_version: tag_version.as_ref(), plan })
}

/// The commands that a dry run shows, ready to paste.
pub(crate) fn commands(commands: &[(UnitId, Vec<Invocation>)]) -> String {
    let mut text = String::new();
    for (unit, lines) in commands {
        text.push_str(&format!("# {unit}\n"));
        if lines.is_empty() {
            text.push_str("# written by package-actions itself, no command\n");
        }
        for line in lines {
            text.push_str(&format!("{line}\n"));
        }
    }
    text.trim_end().to_owned()
}

/// What a release holds, one line an artifact, then what was not built.
pub(crate) fn manifest(manifest: &Manifest) -> String {
    let mut rows = vec![["ARTIFACT", "PLATFORM", "SIZE", "SHA-256"].map(str::to_owned)];
    for artifact in &manifest.artifacts {
        let name = release::display_name(artifact, INSPECTS);
        let size: u64 =
            artifact.file.size + artifact.files.iter().map(|file| file.size).sum::<u64>();
        let platform = artifact.platform.map_or("all", model::Platform::as_str);
        let digest = artifact.file.digest.short();
        rows.push([name, platform.to_owned(), size.to_string(), digest]);
    }
    let mut text = table(&rows);
    for unit in manifest.units.iter().filter(|unit| unit.status != UnitStatus::Built) {
        let state = match unit.status {
            UnitStatus::Failed => "failed",
            _ => "not built here",
        };
        text.push_str(&format!("\n{state}: {}: {}", unit.id, unit.reason));
    }
    text
}

/// Columns as wide as their widest cell; the third is a number and stands right.
fn table(rows: &[[String; 4]]) -> String {
    let mut widths = [0; 4];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let [first, second, third, _] = widths;
    let line = |[a, b, c, d]: &[String; 4]| format!("{a:first$}  {b:second$}  {c:>third$}  {d}");
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
