//! A configuration from inputs: the text that a person would have written into
//! `package-actions.toml`, with the same keys.

use std::path::Path;

use model::Format;
use pipeline::Failure;
use release::CONFIG_FILE;

use super::event::Occasion;
use crate::input::{Inputs, missing, wrong};

/// Inputs that say what the configuration would say, by format.
fn keys(format: Format) -> &'static [&'static str] {
    match format {
        Format::Oci => &[
            "name",
            "version",
            "description",
            "license",
            "image",
            "from",
            "go",
            "rust",
            "bin",
            "dockerfile",
            "context",
            "target",
            "build-args",
            "secrets",
            "user",
            "ports",
            "entrypoint",
            "healthcheck",
        ],
        Format::Pypi => &["name", "version", "description", "license", "path", "kind", "pythons"],
        Format::Helm => &["name", "version", "path", "registry", "app-version"],
        Format::Binary => &["name", "version", "description", "license", "go", "rust", "bin"],
    }
}

/// Fails where an input says what the tree's configuration says already.
pub(super) fn without_effect(format: Format, inputs: &Inputs<'_>) -> Result<(), Failure> {
    for name in keys(format) {
        if let Some(value) = inputs.value(name)? {
            let why = format!("has no effect beside `{CONFIG_FILE}`");
            let help = "write it there, or leave the input out";
            return Err(wrong(name, value, &why, help));
        }
    }
    Ok(())
}

/// The configuration.
pub(super) fn text(
    format: Format,
    inputs: &Inputs<'_>,
    dir: &Path,
    occasion: &Occasion,
    publishes: bool,
) -> Result<String, Failure> {
    let mut writer = Writer { inputs, text: String::new() };
    let place = place(format, inputs, occasion)?;
    writer.release(format, dir, occasion, &place, publishes)?;
    writer.text.push_str("\n[[package]]\n");
    let name = inputs.text("name")?.map_or(place.name, str::to_owned);
    writer.line("name", &name);
    for key in ["description", "license"] {
        writer.copy(key)?;
    }
    match format {
        Format::Oci => writer.image(dir, &place.image)?,
        Format::Pypi => writer.python()?,
        Format::Helm => writer.chart()?,
        Format::Binary => writer.binary(true)?,
    }
    Ok(writer.text)
}

/// Where a package goes, and what it is called unless an input says so.
struct Target {
    name: String,
    /// `registry` or `charts`; empty where there is none to name.
    registry: String,
    /// The last part of the image's name.
    image: String,
}

fn place(format: Format, inputs: &Inputs<'_>, occasion: &Occasion) -> Result<Target, Failure> {
    let folder = ["path", "go", "rust"].iter().map(|name| inputs.text(name));
    let folders: Vec<&str> = folder.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let last = folders.first().and_then(|path| path.trim_end_matches('/').rsplit('/').next());
    let name = last.filter(|name| !matches!(*name, "" | "." | "..")).unwrap_or(occasion.name());
    let mut target =
        Target { name: name.to_owned(), registry: String::new(), image: String::new() };
    let owner = occasion.owner();
    match format {
        Format::Oci => {
            let default = format!("ghcr.io/{}", occasion.repository.to_lowercase());
            let image = match inputs.text("image")? {
                Some(image) => image,
                None if !owner.is_empty() => &default,
                None => return Err(missing("image", "write it like `ghcr.io/owner/name`")),
            };
            let help = "write it like `ghcr.io/owner/name`, without a tag";
            let (registry, image) = image
                .rsplit_once('/')
                .filter(|(_, name)| !name.contains([':', '@']))
                .ok_or_else(|| wrong("image", image, "is not an image without a tag", help))?;
            target.registry = registry.to_owned();
            target.image = image.to_owned();
            if last.is_none() {
                target.name = image.to_owned();
            }
        }
        Format::Helm => {
            let given = inputs.text("registry")?;
            let given = given.map(|text| text.strip_prefix("oci://").unwrap_or(text).to_owned());
            let default = || (!owner.is_empty()).then(|| format!("ghcr.io/{owner}/helm-charts"));
            target.registry = given.or_else(default).unwrap_or_default();
        }
        Format::Pypi | Format::Binary => {}
    }
    if target.name.is_empty() {
        target.name = "package".to_owned();
    }
    Ok(target)
}

/// A version for what nobody is going to get.
const NO_VERSION: &str = "0.0.0";

/// Writes keys and values.
struct Writer<'i, 's> {
    inputs: &'i Inputs<'s>,
    text: String,
}

impl Writer<'_, '_> {
    fn release(
        &mut self,
        format: Format,
        dir: &Path,
        occasion: &Occasion,
        target: &Target,
        publishes: bool,
    ) -> Result<(), Failure> {
        self.text.push_str("[release]\n");
        let tagged = occasion.version();
        let version = match (self.inputs.text("version")?, &tagged) {
            (Some(version), _) => version.to_owned(),
            (None, Some((version, _))) => version.clone(),
            (None, None) => match manifest(format, self.inputs, dir)? {
                Some(manifest) => manifest,
                None if publishes => {
                    let help = "push a tag such as `v1.2.3`, or say it: `version: 1.2.3`";
                    return Err(missing("version", help));
                }
                None => NO_VERSION.to_owned(),
            },
        };
        self.line("version", &version);
        if let Some((_, tag)) = &tagged {
            self.line("tag", tag);
        }
        if !occasion.address.is_empty() {
            self.line("repository", &occasion.address);
        }
        match format {
            Format::Oci => self.line("registry", &target.registry),
            Format::Helm if !target.registry.is_empty() => self.line("charts", &target.registry),
            _ => {}
        }
        Ok(())
    }

    fn image(&mut self, dir: &Path, image: &str) -> Result<(), Failure> {
        let from = self.inputs.text("from")?;
        let compiled = self.inputs.text("go")?.is_some() || self.inputs.text("rust")?.is_some();
        let dockerfile = self.inputs.text("dockerfile")?;
        if from.is_some() || compiled && dockerfile.is_none() {
            self.binary(false)?;
            self.text.push_str("[package.image]\n");
            self.line("from", from.unwrap_or("binary"));
            for key in ["user", "dockerfile", "context"] {
                self.copy(key)?;
            }
            self.of_dockerfiles()?;
        } else {
            let found = || {
                ["Containerfile", "Dockerfile"].into_iter().find(|name| dir.join(name).is_file())
            };
            let dockerfile = dockerfile.or_else(found);
            let dockerfile = dockerfile.ok_or_else(|| {
                missing("dockerfile", "name a Dockerfile, or `go:` or `rust:` with a folder")
            })?;
            self.text.push_str("[package.image]\n");
            self.line("dockerfile", dockerfile);
            for key in ["context", "user"] {
                self.copy(key)?;
            }
            self.copy("target")?;
            self.build_args()?;
            self.list("secrets")?;
        }
        self.line("name", image);
        self.numbers("ports")?;
        for key in ["entrypoint", "healthcheck"] {
            let words = self.inputs.lines(key)?;
            self.words(key, &words);
        }
        self.list("platforms")
    }

    /// Inputs that nothing reads must not pass for heard.
    fn of_dockerfiles(&self) -> Result<(), Failure> {
        for name in ["target", "build-args", "secrets"] {
            if let Some(value) = self.inputs.value(name)? {
                let why = "has no effect on an image from a program";
                return Err(wrong(name, value, why, "leave it out"));
            }
        }
        Ok(())
    }

    /// `NAME=VALUE` lines as a table.
    fn build_args(&mut self) -> Result<(), Failure> {
        let mut pairs = Vec::new();
        for line in self.inputs.lines("build-args")? {
            let Some((name, value)) = line.split_once('=') else {
                let help = "write `NAME=VALUE`, one a line";
                return Err(wrong("build-args", &line, "has no value", help));
            };
            pairs.push(format!("{} = {}", quoted(name.trim()), quoted(value)));
        }
        if !pairs.is_empty() {
            self.text.push_str(&format!("build-args = {{ {} }}\n", pairs.join(", ")));
        }
        Ok(())
    }

    fn python(&mut self) -> Result<(), Failure> {
        self.text.push_str("[package.python]\n");
        let path = self.inputs.text("path")?.unwrap_or(".").to_owned();
        self.line("path", &path);
        self.copy("kind")?;
        self.list("pythons")?;
        self.list("platforms")
    }

    fn chart(&mut self) -> Result<(), Failure> {
        self.text.push_str("[package.chart]\n");
        let path = self.inputs.text("path")?.unwrap_or(".").to_owned();
        self.line("path", &path);
        self.copy("app-version")
    }

    fn binary(&mut self, with_platforms: bool) -> Result<(), Failure> {
        if self.inputs.text("go")?.is_none() && self.inputs.text("rust")?.is_none() {
            return Err(missing("go", "name the folder of a program: `go: .` or `rust: .`"));
        }
        self.text.push_str("[package.binary]\n");
        for key in ["go", "rust", "bin"] {
            self.copy(key)?;
        }
        // An image's platforms are its binary's: Linux, unless the image says fewer.
        match with_platforms || !self.inputs.list("platforms")?.is_empty() {
            true => self.list("platforms"),
            false => {
                self.text.push_str("platforms = [\"linux-amd64\", \"linux-arm64\"]\n");
                Ok(())
            }
        }
    }

    fn copy(&mut self, key: &str) -> Result<(), Failure> {
        if let Some(value) = self.inputs.text(key)? {
            self.line(key, value);
        }
        Ok(())
    }

    fn list(&mut self, key: &str) -> Result<(), Failure> {
        let words = self.inputs.list(key)?;
        self.words(key, &words);
        Ok(())
    }

    fn words(&mut self, key: &str, words: &[String]) {
        if !words.is_empty() {
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            self.text.push_str(&format!("{key} = [{}]\n", words.join(", ")));
        }
    }

    fn numbers(&mut self, key: &str) -> Result<(), Failure> {
        let numbers: Vec<u16> = self.inputs.parsed_list(key, "write TCP ports, such as `8080`")?;
        if !numbers.is_empty() {
            let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
            self.text.push_str(&format!("{key} = [{}]\n", numbers.join(", ")));
        }
        Ok(())
    }

    fn line(&mut self, key: &str, value: &str) {
        self.text.push_str(&format!("{key} = {}\n", quoted(value)));
    }
}

/// JSON's strings are basic strings of TOML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The manifest that says a version, where there is one.
fn manifest(format: Format, inputs: &Inputs<'_>, dir: &Path) -> Result<Option<String>, Failure> {
    let (key, files): (&str, &[&str]) = match format {
        Format::Pypi => ("path", &["pyproject.toml"]),
        Format::Helm => ("path", &["Chart.yaml"]),
        Format::Binary | Format::Oci => ("rust", &["Cargo.toml"]),
    };
    let folder = match (inputs.text(key)?, format) {
        (Some(folder), _) => folder,
        (None, Format::Pypi | Format::Helm) => ".",
        (None, _) => return Ok(None),
    };
    let folder = folder.trim_end_matches('/');
    let path = |file: &&str| match folder {
        "." | "" => (*file).to_owned(),
        folder => format!("{folder}/{file}"),
    };
    Ok(files.iter().map(path).find(|path| dir.join(path).is_file()))
}
