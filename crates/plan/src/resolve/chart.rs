//! `chart`: a Helm chart of the tree.

use config::{ChartTable, PackageTable};
use manifests::chart::Chart;
use manifests::{Located, join};
use model::{ChartSpec, Diagnostic, Version, file_name_problem};

use super::context::Context;
use super::release::{Draft, image_part_fits};
use super::version::{Versions, check_spelling};
use crate::codes;

/// What `Chart.yaml` says; nothing after a problem.
pub(super) fn facts(context: &mut Context<'_, '_>, written: &ChartTable) -> Option<Chart> {
    let at = written.path.as_ref()?;
    let path = context.path(at)?;
    let folder = context.manifests.folder(path);
    context.take(at.offset, folder)?;
    let chart = context.manifests.chart(path);
    context.take(at.offset, chart)
}

/// Resolves `chart`.
pub(super) fn resolve(
    context: &mut Context<'_, '_>,
    package: &PackageTable,
    written: &ChartTable,
    chart: Chart,
    versions: &Versions,
    release: &Draft,
) -> Option<ChartSpec> {
    let path = written.path.as_ref()?;
    let file = join(&path.value, "Chart.yaml");
    let version = versions.resolve(context, package, chart.version.as_ref());
    let Some(name) = chart.name else {
        context.error(
            path.offset,
            &codes::CHART_NO_NAME,
            format!("`{file}` has no `name`"),
            "add `name: …` to it",
        );
        return None;
    };
    let why = file_name_problem(&name.text);
    if why.is_some() || !image_part_fits(&name.text) {
        let shown: String = name.text.chars().take(80).collect();
        let why = why.unwrap_or("is no name that a registry accepts");
        context.problems.push(
            Diagnostic::new(&model::codes::CHART_NAME, format!("the chart's name `{shown}` {why}"))
                .at(name.location)
                .help("use lower-case letters and digits, with single `-` between"),
        );
        return None;
    }
    let version = version?;
    check_spelling(context, package, "a chart", version.semver());
    let app_version = app_version(context, written, &chart.app_version, &name, &version, versions);
    Some(ChartSpec {
        reference: format!("{}/{}", release.charts, name.text),
        name: name.text,
        path: path.value.clone(),
        version,
        app_version,
    })
}

/// What is said here, else what the chart says (told when it is not its version), else that.
fn app_version(
    context: &mut Context<'_, '_>,
    written: &ChartTable,
    in_chart: &Option<Located>,
    name: &Located,
    version: &Version,
    versions: &Versions,
) -> Option<String> {
    if let Some(said) = &written.app_version {
        return Some(said.value.clone());
    }
    let Some(said) = in_chart else {
        return (!versions.is_own()).then(|| version.text().to_owned());
    };
    let same = Version::parse(&said.text).is_ok_and(|app| app.same_as(version));
    if !same && !versions.is_own() {
        let message = format!("`{}` has appVersion {}, not {version}", name.text, said.text);
        context.problems.push(
            Diagnostic::warning(&model::codes::CHART_APP_VERSION, message)
                .at(said.location.clone())
                .help("remove `appVersion` to have it set, or say `app-version` if it is meant"),
        );
    }
    None
}
