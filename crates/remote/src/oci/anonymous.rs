//! Whether everybody can pull what was published.

use std::collections::BTreeMap;

use model::{Class, Diagnostic};

use super::login::Keychain;
use super::reference::Reference;
use super::registry::Registry;
use crate::codes;
use crate::http::Http;

/// Tries to pull each of `roots` without credentials. What does not work is a warning: a package
/// may be meant to be private.
pub(super) fn anonymous(http: &Http, roots: &[&Reference]) -> Vec<Diagnostic> {
    let keychain = Keychain::default();
    let mut registries = BTreeMap::new();
    let mut warnings = Vec::new();
    for root in roots {
        if !registries.contains_key(&root.registry) {
            let registry = Registry::new(http, &root.registry, &keychain);
            registries.insert(root.registry.clone(), registry);
        }
        let outcome = match registries.get(&root.registry) {
            Some(Ok(registry)) => {
                http.block_on(registry.manifest(&root.repository, &root.target()))
            }
            _ => continue,
        };
        match outcome {
            Ok(Some(_)) => {}
            Ok(None) => warnings.push(private(root)),
            Err(problem) if problem.code.class == Class::Denied => {
                warnings.push(private(root));
            }
            Err(problem) => {
                let message =
                    format!("whether all can pull `{root}` is unknown: {}", problem.message);
                warnings.push(Diagnostic::new(&codes::REGISTRY_UNKNOWN_VISIBILITY, message));
            }
        }
    }
    warnings
}

fn private(root: &Reference) -> Diagnostic {
    let message = format!("`{root}` cannot be pulled without credentials");
    Diagnostic::new(&codes::REGISTRY_PRIVATE, message).help(setting(root))
}

/// What to change. GitHub makes every new package private.
fn setting(root: &Reference) -> String {
    let parts = root.repository.split_once('/').filter(|_| root.registry == "ghcr.io");
    let Some((owner, package)) = parts else {
        return format!(
            "make `{}` public at `{}`, if it is meant to be",
            root.repository, root.registry
        );
    };
    let package = package.replace('/', "%2F");
    format!(
        "open https://github.com/orgs/{owner}/packages/container/{package}/settings (for a \
         person's package `users` in place of `orgs`), then `Change visibility`, `Public`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_to_change_is_named() {
        let check = |reference: &str, expected: &str| {
            let help = setting(&Reference::parse(reference).unwrap());
            assert!(help.contains(expected), "{help}");
        };
        check("ghcr.io/o/r:1", "https://github.com/orgs/o/packages/container/r/settings");
        check("ghcr.io/o/charts/r:1", "/orgs/o/packages/container/charts%2Fr/settings");
        check("quay.io/o/r:1", "make `o/r` public at `quay.io`");
    }
}
