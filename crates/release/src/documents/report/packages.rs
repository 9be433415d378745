//! The packages of the release against its formats, and why anything is missing.

use std::collections::{BTreeMap, BTreeSet};

use format::{Form, Inspects};
use model::{Manifest, UnitRecord, UnitStatus};

use super::html::{escape, prose, table};

/// The units of each package and format, in the manifest's order of packages.
struct Cells<'a> {
    packages: Vec<&'a str>,
    /// By package, then by format.
    units: BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a UnitRecord>>>,
}

impl<'a> Cells<'a> {
    fn of(units: impl Iterator<Item = &'a UnitRecord>) -> Self {
        let mut cells = Self { packages: Vec::new(), units: BTreeMap::new() };
        let mut seen = BTreeSet::new();
        for unit in units {
            let (package, format, _) = parts(unit);
            if seen.insert(package) {
                cells.packages.push(package);
            }
            let formats = cells.units.entry(package).or_default();
            formats.entry(format).or_default().push(unit);
        }
        cells
    }

    fn at(&self, package: &str, format: &dyn Inspects) -> &[&'a UnitRecord] {
        let format = format.format();
        let units = self.units.get(package).and_then(|formats| formats.get(format.as_str()));
        units.map_or(&[], Vec::as_slice)
    }
}

/// Package, format and platform of a unit, as its name spells them.
fn parts(unit: &UnitRecord) -> (&str, &str, &str) {
    let mut parts = unit.id.0.splitn(3, '/');
    let mut next = || parts.next().unwrap_or("");
    (next(), next(), next())
}

/// What a unit of `format` for no platform is called.
fn whole(format: &dyn Inspects) -> &'static str {
    let joins = format.kinds().iter().any(|kind| kind.form == Form::Index);
    if joins { "index" } else { "any" }
}

/// Packages down, formats across, one chip a unit.
pub(super) fn matrix(manifest: &Manifest, formats: &[&dyn Inspects]) -> String {
    let cells = Cells::of(manifest.units.iter());
    let rows = cells.packages.iter().map(|package| {
        let cell = |format: &&dyn Inspects| chips(cells.at(package, *format), whole(*format));
        std::iter::once(escape(package)).chain(formats.iter().map(cell)).collect()
    });
    let headings = formats.iter().map(|format| (format.headings().short, ""));
    let columns: Vec<_> = std::iter::once(("Package", "")).chain(headings).collect();
    let legend = "<p class=\"soft\"><span class=\"mark built\">✓</span> built \
                  <span class=\"mark not-built\">○</span> not built here \
                  <span class=\"mark failed\">✕</span> failed</p>\n";
    format!("<h2>Packages and formats</h2>\n{legend}{}", table(&columns, &[(None, rows.collect())]))
}

/// One chip a unit; one for no platform is called `whole`.
fn chips(units: &[&UnitRecord], whole: &str) -> String {
    let Some(first) = units.first() else {
        return "<span class=\"none\">–</span>".to_owned();
    };
    let alike = units.iter().all(|unit| unit.status == first.status);
    if alike && first.status == UnitStatus::NotBuilt {
        return "<span class=\"chip not-built\">○ not built here</span>".to_owned();
    }
    units.iter().map(|unit| chip(unit, whole)).collect::<Vec<_>>().join(" ")
}

fn chip(unit: &UnitRecord, whole: &str) -> String {
    let (class, mark, said) = match unit.status {
        UnitStatus::Built => ("built", "✓", ""),
        UnitStatus::NotBuilt => ("not-built", "○", " title=\"not built here\""),
        UnitStatus::Failed => ("failed", "✕", " title=\"failed\""),
    };
    let (_, _, platform) = parts(unit);
    let platform = if platform.is_empty() { whole } else { platform };
    format!("<span class=\"chip {class}\"{said}>{mark} {}</span>", escape(platform))
}

/// What is missing, one row a package and format, each reason said once.
pub(super) fn missing(manifest: &Manifest, formats: &[&dyn Inspects]) -> String {
    let cells = Cells::of(manifest.units.iter().filter(|unit| unit.status != UnitStatus::Built));
    let mut rows = Vec::new();
    for package in &cells.packages {
        for format in formats {
            let units = cells.at(package, *format);
            if !units.is_empty() {
                let what = format.headings().short.to_owned();
                let chip = |unit: &&UnitRecord| chip(unit, whole(*format));
                let platforms = units.iter().map(chip).collect::<Vec<_>>().join(" ");
                rows.push(vec![escape(package), what, platforms, reasons(units)]);
            }
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let columns = [("Package", ""), ("Format", ""), ("Units", ""), ("Reason", "reason")];
    format!("<h2>Not built</h2>\n{}", table(&columns, &[(None, rows)]))
}

fn reasons(units: &[&UnitRecord]) -> String {
    let mut told = BTreeSet::new();
    let reasons = units.iter().map(|unit| unit.reason.as_str());
    reasons
        .filter(|reason| told.insert(*reason))
        .map(|reason| format!("<p>{}</p>", prose(reason)))
        .collect()
}
