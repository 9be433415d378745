//! The commands with which Helm checks a packaged chart: lint and render.

use model::Invocation;

/// The inputs of Helm's command lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelmSetup {
    /// The program.
    pub helm: String,
    /// A folder for everything that Helm would store in the user's home; it need not exist.
    pub home: String,
    /// Path of the packaged chart.
    pub chart: String,
    /// The chart's name, which is also the release's when rendered.
    pub name: String,
    /// Whether it is a library chart, which Helm does not render.
    pub library: bool,
}

/// `helm lint --strict CHART`, then `helm template NAME CHART`. Neither reads the user's
/// settings or accesses a cluster.
#[must_use]
pub fn commands(setup: &HelmSetup) -> Vec<Invocation> {
    let mut commands = vec![private(setup, &["lint", "--strict", &setup.chart])];
    if !setup.library {
        commands.push(private(setup, &["template", &setup.name, &setup.chart]));
    }
    commands
}

fn private(setup: &HelmSetup, args: &[&str]) -> Invocation {
    let below = |name: &str| format!("{}/{name}", setup.home.trim_end_matches('/'));
    Invocation::new(&setup.helm, args.iter().copied())
        .env("HELM_CACHE_HOME", below("cache"))
        .env("HELM_CONFIG_HOME", below("config"))
        .env("HELM_DATA_HOME", below("data"))
        .env("HELM_PLUGINS", below("plugins"))
        .env("HELM_REGISTRY_CONFIG", below("registry.json"))
        .env("HELM_REPOSITORY_CACHE", below("repository"))
        .env("HELM_REPOSITORY_CONFIG", below("repositories.yaml"))
        // `helm template` takes the namespace from the user's kubeconfig unless it is given.
        .env("HELM_NAMESPACE", "default")
        .env("KUBECONFIG", below("kubeconfig"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(library: bool, expected: &[&[&str]]) {
        let setup = HelmSetup {
            helm: "/tools/helm".into(),
            home: "/private/".into(),
            chart: "out/x-1.0.0.tgz".into(),
            name: "x".into(),
            library,
        };
        let found = commands(&setup);
        let args: Vec<Vec<&str>> =
            found.iter().map(|one| one.args.iter().map(String::as_str).collect()).collect();
        assert_eq!(args, expected);
        for command in found {
            let paths = command.env.iter().filter(|(name, _)| *name != "HELM_NAMESPACE");
            for (name, path) in paths {
                assert!(path.starts_with("/private/"), "{name} leaves the private folder: {path}");
            }
        }
    }

    #[test]
    fn an_application_is_linted_and_rendered_in_a_private_home() {
        check(
            false,
            &[&["lint", "--strict", "out/x-1.0.0.tgz"], &["template", "x", "out/x-1.0.0.tgz"]],
        );
    }

    #[test]
    fn a_library_is_only_linted() {
        check(true, &[&["lint", "--strict", "out/x-1.0.0.tgz"]]);
    }
}
