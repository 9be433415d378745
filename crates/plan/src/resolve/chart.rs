//! `chart`: a Helm chart of the tree.

use model::{ChartSpec, file_name_problem};

use super::context::Context;
use super::release::{Draft, image_part_fits};
use super::version::{Versions, check_spelling};
use crate::config::{WrittenChart, WrittenPackage};
use crate::manifests::chart::Chart;
use crate::manifests::join;

/// What `Chart.yaml` says; nothing after a problem.
pub(super) fn facts(context: &mut Context<'_, '_>, written: &WrittenChart) -> Option<Chart> {
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
    package: &WrittenPackage,
    written: &WrittenChart,
    chart: Chart,
    versions: &Versions,
    release: &Draft,
) -> Option<ChartSpec> {
    let path = written.path.as_ref()?;
    let file = join(&path.value, "Chart.yaml");
    let version = versions.settle(context, package, chart.version.as_ref());
    let Some(name) = chart.name else {
        context.error(
            path.offset,
            "chart-no-name",
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
            model::Problem::error("chart-name", format!("the chart's name `{shown}` {why}"))
                .at(name.place)
                .help("use lower-case letters and digits, with single `-` between"),
        );
        return None;
    }
    let version = version?;
    check_spelling(context, package, "a chart", version.semver());
    let app_version = match (&written.app_version, &chart.app_version) {
        (Some(said), _) => Some(said.value.clone()),
        (None, Some(said)) => {
            let parsed = model::Version::parse(&said.text).ok();
            let same = parsed.is_some_and(|app| app.same_as(&version));
            if !same && !versions.is_own() {
                context.problems.push(
                    model::Problem::warning(
                        "chart-app-version",
                        format!("`{}` has appVersion {}, not {version}", name.text, said.text),
                    )
                    .at(said.place.clone())
                    .help("remove `appVersion` to have it set, or say `app-version` if it is meant"),
                );
            }
            None
        }
        (None, None) => (!versions.is_own()).then(|| version.text().to_owned()),
    };
    Some(ChartSpec {
        reference: format!("{}/{}", release.charts, name.text),
        name: name.text,
        path: path.value.clone(),
        version,
        app_version,
    })
}
