//! Charts that a tree without a configuration holds.

use std::collections::BTreeMap;

use format::{Discovers, Discovery, Key, ProposedPackage, quoted};
use manifests::{Manifests, join, parent};
use model::Version;

use crate::keys::KEY;
use crate::{Helm, dependencies, resolve};

impl Discovers for Helm {
    fn key(&self) -> &'static Key {
        &KEY
    }

    fn discover(&self, discovery: &mut Discovery<'_, '_>) {
        let mut names = BTreeMap::new();
        for file in discovery.files(&["Chart.yaml"]) {
            chart(discovery, parent(file), &mut names);
        }
    }
}

fn chart(discovery: &mut Discovery<'_, '_>, folder: &str, names: &mut BTreeMap<String, String>) {
    if is_subchart(discovery.manifests, folder) {
        return;
    }
    let chart = match discovery.manifests.chart(folder) {
        Ok(chart) => chart,
        Err(problem) => return discovery.leave_out(folder, &problem),
    };
    let Some(name) = chart.name else {
        return discovery.notes.push(format!("left out `{folder}`: its chart has no name"));
    };
    let missing = dependencies::missing(discovery.manifests, folder, &chart.dependencies);
    if let Some(problem) = resolve::name_problem(&name).or(missing.into_iter().next()) {
        return discovery.leave_out(folder, &problem);
    }
    let name = name.text;
    if let Some(first) = names.get(&name) {
        let note = format!("left out `{folder}`: `{name}` is also the chart at `{first}`");
        return discovery.notes.push(note);
    }
    let version =
        chart.version.map(|located| (Version::parse(&located.text), located.location.file));
    let version = match version {
        Some((Ok(version), file)) => Some((version, file)),
        Some((Err(error), _)) => {
            return discovery.notes.push(format!("left out `{folder}`: {error}"));
        }
        None => None,
    };
    names.insert(name.clone(), folder.to_owned());
    discovery.packages.push(ProposedPackage {
        name,
        kind: "chart",
        folder: folder.to_owned(),
        why: vec![format!("A Helm chart: {}.", join(folder, "Chart.yaml"))],
        version,
        tables: vec![(KEY.name, vec![("path", quoted(folder))])],
        ..ProposedPackage::default()
    });
}

/// `a/charts/b` is part of the chart `a`.
fn is_subchart(manifests: &Manifests<'_>, folder: &str) -> bool {
    let holder = parent(folder);
    let above = holder.strip_suffix("/charts").or((holder == "charts").then_some("."));
    above.is_some_and(|above| manifests.is_file(&join(above, "Chart.yaml")) == Ok(true))
}
