//! Two states of one `Cargo.lock`: did the second only lose packages?
//!
//! `cargo --locked` refuses a lock that lists more than the tree needs, as sdists have it whose
//! sources were pruned and whose lock was not. Such a lock may be updated and used; one that
//! gained or changed a version may not. Builds nothing and asks no registry.

use std::collections::{BTreeMap, BTreeSet};

use manifests::cargo::{CargoLock, LockedDependency, LockedPackage};
use model::Diagnostic;

use crate::codes;

/// Compares two lock files; returns `name version` of each package that the new one no longer
/// lists, sorted.
///
/// # Errors
/// `lock-syntax` when one is not a lock file; `lock-changed` when the new one lists a package,
/// source, checksum or dependency that the old one does not.
pub(super) fn removed(old: &str, new: &str) -> Result<Vec<String>, Diagnostic> {
    let before = packages(old)?;
    let after = packages(new)?;
    let mut added = Vec::new();
    for (key, dependencies) in &after {
        let known = before.get(key);
        if !known.is_some_and(|known| dependencies.is_subset(known)) {
            added.push(format!("`{} {}`", key.0, key.1));
        }
    }
    if !added.is_empty() {
        let message = format!("the lock file would change, not only shrink: {}", added.join(", "));
        let help = "commit an updated `Cargo.lock`, or allow it with `--allow-unlocked`";
        return Err(Diagnostic::new(&codes::LOCK_CHANGED, message).help(help));
    }
    let removed = before.keys().filter(|key| !after.contains_key(*key));
    Ok(removed.map(|(name, version, _, _)| format!("{name} {version}")).collect())
}

/// Name, version, source and checksum.
type Key = (String, String, String, String);

fn packages(text: &str) -> Result<BTreeMap<Key, BTreeSet<String>>, Diagnostic> {
    let lock = CargoLock::parse(text)
        .map_err(|error| Diagnostic::new(&codes::LOCK_SYNTAX, error.to_string()))?;
    let entry = |package: LockedPackage| {
        // A dependency carries its version only while two packages share its name.
        let name = |line: &String| Some(LockedDependency::parse(line)?.name.to_owned());
        let dependencies = package.dependencies.iter().filter_map(name).collect();
        ((package.name, package.version, package.source, package.checksum), dependencies)
    };
    Ok(lock.packages.into_iter().map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, dependencies: &str) -> String {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\
             checksum = \"{name}{version}\"\n\
             dependencies = [{dependencies}]\n"
        )
    }

    #[test]
    fn a_lock_may_lose_packages_and_nothing_else() {
        let old = package("a", "1.0.0", "\"b 1.0.0\", \"c\"")
            + &package("b", "1.0.0", "")
            + &package("b", "2.0.0", "")
            + &package("c", "1.0.0", "");
        let check = |new: &str, expected: Result<&[&str], &str>| {
            let found = removed(&old, new).map_err(|problem| problem.code.to_string());
            let expected = expected
                .map(|gone| gone.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
                .map_err(str::to_owned);
            assert_eq!(found, expected, "{new}");
        };
        check(&old, Ok(&[]));
        let pruned = package("a", "1.0.0", "\"b\"") + &package("b", "1.0.0", "");
        check(&pruned, Ok(&["b 2.0.0", "c 1.0.0"]));
        check("", Ok(&["a 1.0.0", "b 1.0.0", "b 2.0.0", "c 1.0.0"]));
        check(&package("b", "1.0.1", ""), Err("lock-changed"));
        check(&package("d", "1.0.0", ""), Err("lock-changed"));
        check(&package("c", "1.0.0", "\"a\""), Err("lock-changed"));
        check(&package("c", "1.0.0", "").replace("c1.0.0", "other"), Err("lock-changed"));
        check("package = 1", Err("lock-syntax"));
        check("[[package]]\nname = \"x\"", Err("lock-syntax"));
    }
}
