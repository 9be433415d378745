//! How Helm checks a packed chart: lint and render, without a network.
//!
//! Packing needs neither. By default only what no values can mend stops a chart: templates that
//! Helm cannot parse, a chart that it cannot load. A chart that is given `values` must render with
//! them. Whatever else Helm says is shown, and where nothing was rendered the artifact says so.

use archive::Entry;
use format::{Check, Checks, Refuses};
use model::Invocation;

use crate::metadata::ChartMetadata;
use crate::spec::{ChartSpec, Lint};
use crate::{kube, schema};

/// The inputs of Helm's command lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setup<'a> {
    /// The program.
    pub(crate) helm: String,
    /// A folder for everything that Helm would store in the user's home; it need not exist.
    pub(crate) home: String,
    /// Path of the packed chart.
    pub(crate) chart: String,
    /// The folder that paths of values are in.
    pub(crate) tree: String,
    /// The chart, as the plan has it.
    pub(crate) spec: &'a ChartSpec,
    /// What its `Chart.yaml` says.
    pub(crate) metadata: &'a ChartMetadata,
    /// Files of the tree that chart-testing would take values from: `ci/*-values.yaml`.
    pub(crate) ci_values: Vec<String>,
}

/// What Helm says of templates that it cannot parse, whatever the values.
const NEVER_PARSED: Refuses = Refuses::Saying(&["parse error at ("]);

/// Asks `helm lint --strict` and `helm template`, as far as `files`, the chart's own, allow.
pub(crate) fn checks(setup: &Setup<'_>, files: &[Entry]) -> Checks {
    let mut checks = Checks::default();
    if setup.spec.lint == Some(Lint::Off) {
        checks.notes.push("not linted and not rendered: `lint` is `off`".to_owned());
        return checks;
    }
    let mut flags = Vec::new();
    if let Some(found) = schema::elsewhere(files) {
        flags.push("--skip-schema-validation".to_owned());
        checks.notes.push(format!(
            "no values were checked: the schema `{}` refers to `{}`, and nothing is fetched",
            found.path, found.reference
        ));
    }
    let version = kube_version(setup);
    flags.extend(version.iter().flatten().flat_map(|version| option("--kube-version", version)));
    let (values, with_values) = (&setup.spec.values, flags.clone());
    let given = |path: &String| option("--values", &csv(&format!("{}/{path}", setup.tree)));
    let with_values: Vec<String> =
        with_values.into_iter().chain(values.iter().flat_map(given)).collect();
    checks.list.push(lint(setup, &with_values));
    if version.is_none() {
        checks.notes.push(format!(
            "not rendered: no version of Kubernetes fits its kubeVersion `{}`",
            setup.metadata.kube_version
        ));
    } else if !setup.metadata.is_library() {
        let ci = setup.ci_values.iter().filter(|_| values.is_empty());
        let otherwise = ci.map(|path| {
            let flags: Vec<String> = flags.iter().cloned().chain(given(path)).collect();
            let mut check = Check::new(template(setup, &flags), Refuses::Never);
            check.note = format!("not rendered with `{path}`: see the log of the build");
            check.passed = format!("rendered with `{path}`, not with its own values alone");
            check
        });
        let mut check = Check::new(template(setup, &with_values), rendering(setup.spec));
        check.otherwise = otherwise.collect();
        if check.otherwise.is_empty() {
            check.note = match values.is_empty() {
                true => "not rendered: it does not render with its own values, and no others were \
                         given (`values`)"
                    .to_owned(),
                false => "not rendered with the `values` that it was given".to_owned(),
            };
        }
        checks.list.push(check);
    }
    checks
}

/// `helm lint --strict`, and whether Helm can load the chart at all where that finds something.
fn lint(setup: &Setup<'_>, flags: &[String]) -> Check {
    let refuses = match setup.spec.lint {
        None => NEVER_PARSED,
        Some(Lint::Error) => Refuses::Always,
        Some(Lint::Warn | Lint::Off) => Refuses::Never,
    };
    let mut check = Check::new(private(setup, &["lint", "--strict"], flags), refuses);
    check.note = "`helm lint --strict` found something: see the log of the build".to_owned();
    check.otherwise = vec![Check::new(private(setup, &["show", "chart"], &[]), Refuses::Always)];
    check
}

fn rendering(spec: &ChartSpec) -> Refuses {
    match spec.lint {
        None if spec.values.is_empty() => NEVER_PARSED,
        None | Some(Lint::Error) => Refuses::Always,
        Some(Lint::Warn | Lint::Off) => Refuses::Never,
    }
}

fn template(setup: &Setup<'_>, flags: &[String]) -> Invocation {
    private(setup, &["template", &setup.metadata.name], flags)
}

/// The version of Kubernetes that is asked for, where one is; `None` where the chart allows none.
fn kube_version(setup: &Setup<'_>) -> Option<Option<String>> {
    match (&setup.spec.kube_version, setup.metadata.kube_version.as_str()) {
        (Some(version), _) => Some(Some(version.clone())),
        (None, "") => Some(None),
        (None, constraint) => kube::allowed(constraint).map(Some),
    }
}

fn option(name: &str, value: &str) -> [String; 2] {
    [name.to_owned(), value.to_owned()]
}

/// A path as an item of a list that Helm reads as CSV.
fn csv(path: &str) -> String {
    if path.contains([',', '"']) {
        return format!("\"{}\"", path.replace('"', "\"\""));
    }
    path.to_owned()
}

/// A command about the chart that reads no settings of the user's, reaches no cluster and no
/// network: whoever asks a host is answered by a port that nobody listens to. (Go asks hosts of the
/// machine itself without a proxy, so what is known to ask is not even run.)
fn private(setup: &Setup<'_>, command: &[&str], flags: &[String]) -> Invocation {
    const NOBODY: &str = "http://127.0.0.1:9";
    let mut args: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
    args.push(setup.chart.clone());
    args.extend_from_slice(flags);
    in_home(Invocation::new(&setup.helm, args), &setup.home)
        .env("HTTP_PROXY", NOBODY)
        .env("HTTPS_PROXY", NOBODY)
        .env("NO_PROXY", "")
        // `helm template` takes the namespace from the user's kubeconfig unless it is given.
        .env("HELM_NAMESPACE", "default")
}

/// `command` with all that Helm keeps below `home`.
pub(crate) fn in_home(command: Invocation, home: &str) -> Invocation {
    let below = |name: &str| format!("{}/{name}", home.trim_end_matches('/'));
    command
        .env("HELM_CACHE_HOME", below("cache"))
        .env("HELM_CONFIG_HOME", below("config"))
        .env("HELM_CONTENT_CACHE", below("content"))
        .env("HELM_DATA_HOME", below("data"))
        .env("HELM_PLUGINS", below("plugins"))
        .env("HELM_REGISTRY_CONFIG", below("registry.json"))
        .env("HELM_REPOSITORY_CACHE", below("repository"))
        .env("HELM_REPOSITORY_CONFIG", below("repositories.yaml"))
        .env("KUBECONFIG", below("kubeconfig"))
}

#[cfg(test)]
mod tests;
