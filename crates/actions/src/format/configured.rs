//! A configuration from inputs: the values that a person would have written into
//! `package-actions.toml`, under the same keys, each with the input that says it.

use std::path::Path;

use pipeline::Failure;
use release::{CONFIG_FILE, Origin, Overlay, Table, Value};

use super::Action;
use super::event::Occasion;
use crate::input::{Inputs, missing, wrong};

const PYTHON: Table = Table::Format("python");
const IMAGE: Table = Table::Format("image");
const BINARIES: Table = Table::Format("binary");
const CHART: Table = Table::Format("chart");

/// Fails where an input says what the tree's configuration says already.
pub(super) fn without_effect(action: Action, inputs: &Inputs<'_>) -> Result<(), Failure> {
    for name in keys(action) {
        if let Some(value) = inputs.value(name)? {
            let why = format!("has no effect beside `{CONFIG_FILE}`");
            let help = "write it there, or leave the input out";
            return Err(wrong(name, value, &why, help));
        }
    }
    Ok(())
}

/// The configuration.
pub(super) fn overlay(
    action: Action,
    inputs: &Inputs<'_>,
    dir: &Path,
    occasion: &Occasion,
    publishes: bool,
) -> Result<Overlay, Failure> {
    let mut draft = Draft { inputs, overlay: Overlay::default() };
    let target = Target::of(action, inputs, occasion)?;
    draft.release(action, dir, occasion, &target, publishes)?;
    match inputs.text("name")? {
        Some(name) => draft.set(Table::Package, "name", name, Origin::Input("name")),
        None => draft.set(Table::Package, "name", &*target.name, Origin::Default),
    }
    for key in ["description", "license"] {
        draft.copy(Table::Package, key)?;
    }
    match action {
        Action::Oci => draft.image(dir, &target)?,
        Action::Pypi => draft.python()?,
        Action::Helm => draft.chart()?,
        Action::Binary => {
            draft.binary()?;
            draft.list(BINARIES, "platforms")?;
        }
    }
    Ok(draft.overlay)
}

/// Inputs that say what the configuration would say, by format.
fn keys(action: Action) -> &'static [&'static str] {
    match action {
        Action::Oci => &[
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
            "base",
            "files",
        ],
        Action::Pypi => &["name", "version", "description", "license", "path", "kind", "pythons"],
        Action::Helm => &["name", "version", "path", "registry", "app-version"],
        Action::Binary => &["name", "version", "description", "license", "go", "rust", "bin"],
    }
}

/// Where a package goes, and what it is called unless an input says so.
struct Target {
    name: String,
    /// `registry` or `charts`; empty where there is none to name.
    registry: String,
    /// The last part of the image's name.
    image: String,
    /// Where the two come from.
    origin: Origin,
}

impl Target {
    fn of(action: Action, inputs: &Inputs<'_>, occasion: &Occasion) -> Result<Self, Failure> {
        let folder = ["path", "go", "rust"].iter().map(|name| inputs.text(name));
        let folders: Vec<Option<&str>> = folder.collect::<Result<_, _>>()?;
        let first = folders.into_iter().flatten().next();
        let last = first.and_then(|path| path.trim_end_matches('/').rsplit('/').next());
        let name = last.filter(|name| !matches!(*name, "" | "." | "..")).unwrap_or(occasion.name());
        let mut target = Self {
            name: name.to_owned(),
            registry: String::new(),
            image: String::new(),
            origin: Origin::Default,
        };
        match action {
            Action::Oci => {
                target.push_to(inputs, occasion)?;
                if last.is_none() {
                    target.name.clone_from(&target.image);
                }
            }
            Action::Helm => match inputs.text("registry")? {
                Some(given) => {
                    target.registry = given.strip_prefix("oci://").unwrap_or(given).to_owned();
                    target.origin = Origin::Input("registry");
                }
                None if !occasion.owner().is_empty() => {
                    target.registry = format!("ghcr.io/{}/helm-charts", occasion.owner());
                }
                None => {}
            },
            Action::Pypi | Action::Binary => {}
        }
        if target.name.is_empty() {
            target.name = "package".to_owned();
        }
        Ok(target)
    }

    /// Registry and name of an image.
    fn push_to(&mut self, inputs: &Inputs<'_>, occasion: &Occasion) -> Result<(), Failure> {
        let default = format!("ghcr.io/{}", occasion.repository.to_lowercase());
        let image = match inputs.text("image")? {
            Some(image) => {
                self.origin = Origin::Input("image");
                image
            }
            None if !occasion.owner().is_empty() => &default,
            None => return Err(missing("image", "write it like `ghcr.io/owner/name`")),
        };
        let help = "write it like `ghcr.io/owner/name`, without a tag";
        let (registry, image) = image
            .rsplit_once('/')
            .filter(|(_, name)| !name.contains([':', '@']))
            .ok_or_else(|| wrong("image", image, "is not an image without a tag", help))?;
        self.registry = registry.to_owned();
        self.image = image.to_owned();
        Ok(())
    }
}

/// A version for what nobody is going to get.
const NO_VERSION: &str = "0.0.0";

/// The configuration so far.
struct Draft<'i, 's> {
    inputs: &'i Inputs<'s>,
    overlay: Overlay,
}

impl Draft<'_, '_> {
    fn release(
        &mut self,
        action: Action,
        dir: &Path,
        occasion: &Occasion,
        target: &Target,
        publishes: bool,
    ) -> Result<(), Failure> {
        let tagged = occasion.version();
        let (version, origin) = match (self.inputs.text("version")?, &tagged) {
            (Some(version), _) => (version.to_owned(), Origin::Input("version")),
            (None, Some((version, _))) => (version.clone(), Origin::Tag),
            (None, None) => match manifest(action, self.inputs, dir)? {
                Some(manifest) => (manifest, Origin::Default),
                None if publishes => {
                    let help = "push a tag such as `v1.2.3`, or say it: `version: 1.2.3`";
                    return Err(missing("version", help));
                }
                None => (NO_VERSION.to_owned(), Origin::Default),
            },
        };
        self.set(Table::Release, "version", &*version, origin);
        if let Some((_, tag)) = &tagged {
            self.set(Table::Release, "tag", &**tag, Origin::Tag);
        }
        if !occasion.address.is_empty() {
            self.set(Table::Release, "repository", &*occasion.address, Origin::Default);
        }
        let registry = &*target.registry;
        match action {
            Action::Oci => self.set(Table::Release, "registry", registry, target.origin.clone()),
            Action::Helm if !registry.is_empty() => {
                self.set(Table::Release, "charts", registry, target.origin.clone());
            }
            _ => {}
        }
        Ok(())
    }

    fn image(&mut self, dir: &Path, target: &Target) -> Result<(), Failure> {
        let from = self.inputs.text("from")?;
        let compiled = self.inputs.text("go")?.is_some() || self.inputs.text("rust")?.is_some();
        let dockerfile = self.inputs.text("dockerfile")?;
        if from.is_some() || compiled && dockerfile.is_none() {
            self.binary()?;
            self.linux_platforms()?;
            match from {
                Some(from) => self.set(IMAGE, "from", from, Origin::Input("from")),
                None => self.set(IMAGE, "from", "binary", Origin::Default),
            }
            for key in ["user", "dockerfile", "context"] {
                self.copy(IMAGE, key)?;
            }
            self.of_dockerfiles()?;
        } else {
            self.dockerfile(dir, dockerfile)?;
        }
        self.set(IMAGE, "name", &*target.image, target.origin.clone());
        self.ports()?;
        self.copy(IMAGE, "base")?;
        self.pairs("files", "write `/etc/app.toml=deploy/app.toml`, one a line")?;
        for key in ["entrypoint", "healthcheck"] {
            let words = self.inputs.lines(key)?;
            self.words(IMAGE, key, words);
        }
        self.list(IMAGE, "platforms")
    }

    fn dockerfile(&mut self, dir: &Path, given: Option<&str>) -> Result<(), Failure> {
        let there = |name: &&str| dir.join(name).is_file();
        match (given, ["Containerfile", "Dockerfile"].into_iter().find(there)) {
            (Some(given), _) => {
                self.set(IMAGE, "dockerfile", given, Origin::Input("dockerfile"));
            }
            (None, Some(found)) => self.set(IMAGE, "dockerfile", found, Origin::Default),
            (None, None) => {
                let help = "name a Dockerfile, or `go:` or `rust:` with a folder";
                return Err(missing("dockerfile", help));
            }
        }
        for key in ["context", "user", "target"] {
            self.copy(IMAGE, key)?;
        }
        self.pairs("build-args", "write `NAME=VALUE`, one a line")?;
        self.list(IMAGE, "secrets")
    }

    /// Inputs that nothing reads must not be passed over in silence.
    fn of_dockerfiles(&self) -> Result<(), Failure> {
        for name in ["target", "build-args", "secrets"] {
            if let Some(value) = self.inputs.value(name)? {
                let why = "has no effect on an image from a program";
                return Err(wrong(name, value, why, "leave it out"));
            }
        }
        Ok(())
    }

    /// `NAME=VALUE` lines.
    fn pairs(&mut self, key: &'static str, help: &str) -> Result<(), Failure> {
        let mut pairs = Vec::new();
        for line in self.inputs.lines(key)? {
            let Some((name, value)) = line.split_once('=') else {
                return Err(wrong(key, &line, "has no value", help));
            };
            pairs.push((name.trim().to_owned(), value.to_owned()));
        }
        if !pairs.is_empty() {
            self.set(IMAGE, key, pairs, Origin::Input(key));
        }
        Ok(())
    }

    fn python(&mut self) -> Result<(), Failure> {
        self.path(PYTHON)?;
        self.copy(PYTHON, "kind")?;
        self.list(PYTHON, "pythons")?;
        self.list(PYTHON, "platforms")
    }

    fn chart(&mut self) -> Result<(), Failure> {
        self.path(CHART)?;
        self.copy(CHART, "app-version")
    }

    fn binary(&mut self) -> Result<(), Failure> {
        if self.inputs.text("go")?.is_none() && self.inputs.text("rust")?.is_none() {
            return Err(missing("go", "name the folder of a program: `go: .` or `rust: .`"));
        }
        for key in ["go", "rust", "bin"] {
            self.copy(BINARIES, key)?;
        }
        Ok(())
    }

    /// An image's platforms are its binary's: Linux, unless an input says fewer.
    fn linux_platforms(&mut self) -> Result<(), Failure> {
        if !self.inputs.list("platforms")?.is_empty() {
            return self.list(BINARIES, "platforms");
        }
        let linux = ["linux-amd64", "linux-arm64"].map(str::to_owned).to_vec();
        self.set(BINARIES, "platforms", linux, Origin::Default);
        Ok(())
    }

    fn path(&mut self, table: Table) -> Result<(), Failure> {
        match self.inputs.text("path")? {
            Some(path) => self.set(table, "path", path, Origin::Input("path")),
            None => self.set(table, "path", ".", Origin::Default),
        }
        Ok(())
    }

    fn copy(&mut self, table: Table, key: &'static str) -> Result<(), Failure> {
        if let Some(value) = self.inputs.text(key)? {
            self.set(table, key, value, Origin::Input(key));
        }
        Ok(())
    }

    fn list(&mut self, table: Table, key: &'static str) -> Result<(), Failure> {
        let words = self.inputs.list(key)?;
        self.words(table, key, words);
        Ok(())
    }

    fn words(&mut self, table: Table, key: &'static str, words: Vec<String>) {
        if !words.is_empty() {
            self.set(table, key, words, Origin::Input(key));
        }
    }

    fn ports(&mut self) -> Result<(), Failure> {
        let help = "write TCP ports, such as `8080`";
        let ports: Vec<u16> = self.inputs.parsed_list("ports", help)?;
        if !ports.is_empty() {
            self.set(IMAGE, "ports", ports, Origin::Input("ports"));
        }
        Ok(())
    }

    fn set(&mut self, table: Table, key: &'static str, value: impl Into<Value>, origin: Origin) {
        self.overlay.set(table, key, value, origin);
    }
}

/// The manifest that says a version, where there is one.
fn manifest(action: Action, inputs: &Inputs<'_>, dir: &Path) -> Result<Option<String>, Failure> {
    let (key, file) = match action {
        Action::Pypi => ("path", "pyproject.toml"),
        Action::Helm => ("path", "Chart.yaml"),
        Action::Binary | Action::Oci => ("rust", "Cargo.toml"),
    };
    let folder = match (inputs.text(key)?, action) {
        (Some(folder), _) => folder,
        (None, Action::Pypi | Action::Helm) => ".",
        (None, _) => return Ok(None),
    };
    let path = match folder.trim_end_matches('/') {
        "." | "" => file.to_owned(),
        folder => format!("{folder}/{file}"),
    };
    Ok(Some(path).filter(|path| dir.join(path).is_file()))
}
