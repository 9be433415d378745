//! Licences of crates, as cargo knows them.

use std::collections::BTreeMap;

use crate::{Contents, purl};

/// Adds licences, by `name version`, to crates that are there already, and adds no crate.
pub fn add_licenses(contents: &mut Contents, licenses: &BTreeMap<String, String>) {
    for (key, license) in licenses {
        let Some((name, version)) = key.split_once(' ') else { continue };
        let component = contents.components.get_mut(&purl::cargo(name, version));
        if let Some(component) = component.filter(|component| component.license.is_empty()) {
            component.license.clone_from(license);
        }
    }
}
