//! The proposal's TOML.

use format::{Discovers, ProposedPackage, quoted};

use super::release::Release;
use super::surroundings::registry;

/// The line that starts an entry.
pub(super) const PACKAGE: &str = "[[package]]";

/// The configuration file with these entries.
pub(super) fn write(
    release: &Release,
    packages: &[ProposedPackage],
    formats: &[&dyn Discovers],
) -> String {
    let mut text = String::from(
        "# What this repository ships, as proposed by `package-actions init` from its files.\n\
         # Review the comments, and correct what is wrong.\n\n[release]\n",
    );
    let (tag, why) = &release.tag;
    text.push_str(&format!("tag = {}{}\n", quoted(tag), comment(why)));
    text.push_str(&format!("version = {} # {}\n", quoted(&release.source), release.why));
    match &release.repository {
        Some((address, whence)) => {
            text.push_str(&format!("repository = {} # {whence}\n", quoted(address)));
            if let Some(registry) = registry(address) {
                text.push_str(&format!("registry = {} # of that forge\n", quoted(&registry)));
            } else if !address.starts_with("https://github.com/") {
                text.push_str("registry = \"localhost\" # name where images and charts go\n");
            }
        }
        None => text.push_str(
            "# repository = \"https://github.com/OWNER/NAME\" # then images go to ghcr.io/OWNER\n\
             registry = \"localhost\" # no manifest says where images and charts go\n",
        ),
    }
    for package in packages {
        text.push('\n');
        entry(&mut text, release, package, formats);
    }
    text
}

fn entry(
    text: &mut String,
    release: &Release,
    package: &ProposedPackage,
    formats: &[&dyn Discovers],
) {
    for why in &package.why {
        text.push_str(&format!("# {}\n", comment(why)));
    }
    text.push_str(PACKAGE);
    text.push_str(&format!("\nname = {}\n", quoted(&package.name)));
    if let Some((version, file)) = &package.version
        && !release.has(version)
    {
        let file = comment(file);
        let line = format!("version = \"own\" # {file} has version {version}, not the release's\n");
        text.push_str(&line);
    }
    if package.version_from_git && release.has_tags && !release.is_of_tag() {
        text.push_str("version = \"git-tag\" # its own comes from git\n");
    }
    for (key, pairs) in &package.tables {
        let format = formats.iter().find(|format| format.key().name == *key);
        let more = format.map(|format| format.pairs_for(&package.name)).unwrap_or_default();
        let pairs = pairs.iter().chain(&more).map(|(key, value)| format!("{key} = {value}"));
        text.push_str(&format!("{key} = {{ {} }}\n", pairs.collect::<Vec<_>>().join(", ")));
    }
}

/// Text for a comment: control characters, which could end it, become spaces.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
