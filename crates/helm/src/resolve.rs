//! `chart`: a Helm chart of the tree.

use crate::ChartSpec;
use format::{
    Asked, Context, ManifestFacts, Part, ResolvedPackage, Values, Versions, check_spelling,
};
use manifests::chart::Chart as Manifest;
use manifests::{At, Located, join};
use model::{Diagnostic, Version, file_name_problem, registry_part_fits};

use crate::codes;

/// `chart = { … }` as it is written, and what `Chart.yaml` says.
struct ChartPart {
    path: Option<At<String>>,
    app_version: Option<At<String>>,
    chart: Option<Manifest>,
}

/// Reads the table and the chart that it names.
pub(crate) fn read(context: &mut Context<'_, '_>, values: &Values) -> Box<dyn Part> {
    let path = values.text("path");
    let chart = path.as_ref().and_then(|path| manifest(context, path));
    Box::new(ChartPart { path, app_version: values.text("app-version"), chart })
}

impl Part for ChartPart {
    fn manifest(&self) -> ManifestFacts<'_> {
        let Some(chart) = &self.chart else { return ManifestFacts::default() };
        ManifestFacts {
            version: chart.version.as_ref(),
            description: chart.description.as_deref(),
            license: None,
        }
    }

    fn resolve(
        self: Box<Self>,
        context: &mut Context<'_, '_>,
        asked: &Asked<'_>,
        package: &mut ResolvedPackage,
    ) {
        let Self { path, app_version, chart } = *self;
        if let (Some(path), Some(chart)) = (path, chart) {
            let chart = resolve(context, &path, app_version, chart, asked);
            chart.into_iter().for_each(|chart| package.package.specs.set(chart));
        }
    }
}

/// What `Chart.yaml` says; nothing after a problem.
fn manifest(context: &mut Context<'_, '_>, at: &At<String>) -> Option<Manifest> {
    let path = context.path(at)?;
    let folder = context.manifests.folder(path);
    context.take(at.offset, folder)?;
    let chart = context.manifests.chart(path);
    context.take(at.offset, chart)
}

/// Resolves `chart`.
fn resolve(
    context: &mut Context<'_, '_>,
    path: &At<String>,
    said: Option<At<String>>,
    chart: Manifest,
    asked: &Asked<'_>,
) -> Option<ChartSpec> {
    let Asked { package, versions, release, .. } = *asked;
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
    if why.is_some() || !registry_part_fits(&name.text) {
        let shown: String = name.text.chars().take(80).collect();
        let why = why.unwrap_or("is not a name that registries accept");
        context.problems.push(
            Diagnostic::new(&model::codes::CHART_NAME, format!("the chart's name `{shown}` {why}"))
                .at(name.location)
                .help("use lower-case letters and digits, with single `-` between"),
        );
        return None;
    }
    let version = version?;
    check_spelling(context, package, "a chart", version.semver());
    let app_version = match said {
        Some(said) => Some(said.value),
        None => app_version(context, &chart.app_version, &name, &version, versions),
    };
    Some(ChartSpec {
        reference: format!("{}/{}", release.charts, name.text),
        name: name.text,
        path: path.value.clone(),
        version,
        app_version,
    })
}

/// What the chart says (told when it is not its version), else that.
fn app_version(
    context: &mut Context<'_, '_>,
    in_chart: &Option<Located>,
    name: &Located,
    version: &Version,
    versions: &Versions,
) -> Option<String> {
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
