//! The proposal's TOML.

use super::draft::{Draft, Image, Release};
use super::name::for_image;

/// The line that starts an entry.
pub(super) const PACKAGE: &str = "[[package]]";

/// The configuration file with these entries.
pub(super) fn write(release: &Release, drafts: &[Draft]) -> String {
    let mut text = String::from(
        "# What this repository ships, as proposed by `package-actions init` from its files.\n\
         # Review the comments, and correct what is wrong.\n\n[release]\n",
    );
    text.push_str("tag = \"v{version}\"\n");
    text.push_str(&format!("version = {} # {}\n", quoted(&release.source), release.why));
    match &release.repository {
        Some(address) => {
            let line = format!("repository = {} # from a manifest\n", quoted(address));
            text.push_str(&line);
        }
        None => text.push_str(
            "# repository = \"https://github.com/OWNER/NAME\" # then images go to ghcr.io/OWNER\n\
             registry = \"localhost\" # no manifest says where images and charts go\n",
        ),
    }
    for draft in drafts {
        text.push('\n');
        entry(&mut text, release, draft);
    }
    text
}

fn entry(text: &mut String, release: &Release, draft: &Draft) {
    for why in &draft.why {
        text.push_str(&format!("# {}\n", comment(why)));
    }
    text.push_str(PACKAGE);
    text.push_str(&format!("\nname = {}\n", quoted(&draft.name)));
    if let Some((version, file)) = &draft.version
        && !release.has(version)
    {
        let file = comment(file);
        let line = format!("version = \"own\" # {file} has version {version}, not the release's\n");
        text.push_str(&line);
    }
    let values = [("python", &draft.python), ("binary", &draft.binary), ("chart", &draft.chart)];
    for (key, value) in values {
        if let Some(value) = value {
            text.push_str(&format!("{key} = {value}\n"));
        }
    }
    if let Some(image) = &draft.image {
        text.push_str(&format!("image = {}\n", image_value(&draft.name, image)));
    }
}

fn image_value(name: &str, image: &Image) -> String {
    let mut pairs = vec![format!("dockerfile = {}", quoted(&image.dockerfile))];
    pairs.extend(image.context.as_ref().map(|path| format!("context = {}", quoted(path))));
    let fitting = for_image(name);
    if fitting != name.to_lowercase() {
        pairs.push(format!("name = {}", quoted(&fitting)));
    }
    format!("{{ {} }}", pairs.join(", "))
}

/// A TOML basic string.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Text for a comment: control characters, which could end it, become spaces.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
