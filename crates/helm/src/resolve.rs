//! `chart`: a Helm chart of the tree.

use crate::ChartSpec;
use format::{
    Asked, Context, ManifestFacts, Part, ResolvedPackage, Values, Versions, check_spelling,
};
use manifests::chart::Chart as Manifest;
use manifests::{At, Located, join};
use model::{Diagnostic, Version, file_name_problem, registry_part_fits};

use crate::codes;
use crate::spec::Lint;
use crate::{dependencies, kube};

/// `chart = { … }` as it is written, and what `Chart.yaml` says.
struct ChartPart {
    path: Option<At<String>>,
    app_version: Option<At<String>>,
    values: Vec<At<String>>,
    kube_version: Option<At<String>>,
    lint: Option<At<String>>,
    chart: Option<Manifest>,
}

/// Reads the table and the chart that it names.
pub(crate) fn read(context: &mut Context<'_, '_>, values: &Values) -> Box<dyn Part> {
    let path = values.text("path");
    let chart = path.as_ref().and_then(|path| manifest(context, path));
    Box::new(ChartPart {
        path,
        app_version: values.text("app-version"),
        values: values.texts("values").map(|values| values.value).unwrap_or_default(),
        kube_version: values.text("kube-version"),
        lint: values.text("lint"),
        chart,
    })
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
        let Self { path, app_version, values, kube_version, lint, chart } = *self;
        let (Some(path), Some(chart)) = (path, chart) else { return };
        let missing = dependencies::missing(&context.manifests, &path.value, &chart.dependencies);
        missing.into_iter().for_each(|problem| context.problems.push(problem));
        let values = values_of(context, &path.value, &values);
        let kube_version = kube_version.and_then(|version| kube_version_of(context, version));
        let chart = resolve(context, &path, app_version, chart, asked).map(|chart| ChartSpec {
            values,
            kube_version,
            lint: lint.and_then(|lint| Lint::parse(&lint.value)),
            ..chart
        });
        chart.into_iter().for_each(|chart| package.package.specs.set(chart));
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

/// The files of values as paths in the tree: in the chart's folder, else in the tree.
fn values_of(context: &mut Context<'_, '_>, folder: &str, values: &[At<String>]) -> Vec<String> {
    let mut found = Vec::new();
    for at in values {
        let Some(path) = context.path(at) else { continue };
        let paths = [join(folder, path), path.to_owned()];
        let there = paths.into_iter().find(|path| context.manifests.is_file(path) == Ok(true));
        match there {
            Some(path) => found.push(path),
            None => context.error(
                at.offset,
                &codes::CHART_VALUES,
                format!("the file `{path}` is neither in `{folder}` nor in the tree"),
                "name a file of values by its path in the chart's folder or in the tree",
            ),
        }
    }
    found
}

fn kube_version_of(context: &mut Context<'_, '_>, at: At<String>) -> Option<String> {
    if kube::is_version(&at.value) {
        return Some(at.value);
    }
    let shown: String = at.value.chars().take(80).collect();
    context.error(
        at.offset,
        &codes::CHART_KUBE_VERSION,
        format!("`{shown}` is not a version of Kubernetes"),
        "write one such as `1.30.0`",
    );
    None
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
    if let Some(problem) = name_problem(&name) {
        context.problems.push(problem);
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
        values: Vec::new(),
        kube_version: None,
        lint: None,
    })
}

/// Why no registry would take a chart of this name.
pub(crate) fn name_problem(name: &Located) -> Option<Diagnostic> {
    let why = file_name_problem(&name.text)
        .or((!registry_part_fits(&name.text)).then_some("is not a name that registries accept"))?;
    let shown: String = name.text.chars().take(80).collect();
    let message = format!("the chart's name `{shown}` {why}");
    Some(
        Diagnostic::new(&model::codes::CHART_NAME, message)
            .at(name.location.clone())
            .help("use lower-case letters and digits, with single `-` between"),
    )
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
