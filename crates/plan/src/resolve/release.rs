//! `[release]`: version, tag, registries, repository.

use config::Config;
use format::{Context, Destination, GIT_TAG, Origin, PackageTable, Plans, ReleaseDraft};
use manifests::python::VersionTool;
use manifests::{At, Located, changelog, parent};
use model::{
    Class, Diagnostic, Found, Location, Release, Tree, Version, path_problem, registry_part_fits,
};

use crate::codes;
use crate::tagged::{self, Tagged};

/// The release as far as it is known.
pub(super) struct Draft {
    /// What packages are resolved by.
    pub(super) known: ReleaseDraft,
    tag: String,
    repository: String,
}

impl Draft {
    /// The release, when its version is known, with what `tree` notes about it.
    pub(super) fn finish(self, tree: &dyn Tree) -> Option<Release> {
        let (version, _) = self.known.version?;
        let notes = notes(tree, &version);
        Some(Release {
            version,
            tag: self.tag,
            registry: self.known.registry,
            charts: self.known.charts,
            repository: self.repository,
            notes,
        })
    }
}

/// The file that says what is new.
const CHANGELOG: &str = "CHANGELOG.md";

/// What the changelog says of `version`. A release without is complete, so a changelog that
/// cannot be read counts as missing.
fn notes(tree: &dyn Tree, version: &Version) -> String {
    match tree.find(CHANGELOG) {
        Found::Text(text) => changelog::section(&text, version.text()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Resolves `[release]`.
pub(super) fn resolve(
    context: &mut Context<'_, '_>,
    formats: &[&dyn Plans],
    written: &Config,
    tagged: Option<Version>,
) -> Draft {
    check_out(context, written);
    let version = version(context, written, tagged.as_ref());
    let tag = tag(context, written, version.as_ref().map(|(version, _)| version));
    let repository = repository(context, written);
    let registry = match &written.release.registry {
        Some(at) => registry_path(context, at, "registry").unwrap_or_default(),
        None => default_registry(context, formats, written, &repository),
    };
    let charts = match &written.release.charts {
        Some(at) => registry_path(context, at, "charts").unwrap_or_default(),
        None => format!("{registry}/helm-charts"),
    };
    Draft { known: ReleaseDraft { version, tagged, registry, charts }, tag, repository }
}

/// Where the release is written is no part of the plan; that it can be is.
fn check_out(context: &mut Context<'_, '_>, written: &Config) {
    let Some(at) = &written.release.out else { return };
    let Some(path) = context.path(at) else { return };
    if path == "." || path.split('/').any(|part| part.eq_ignore_ascii_case(".git")) {
        let message = format!("a release cannot be written to `{path}`");
        let help = "name a folder of its own, such as `dist` or `build/release`";
        context.error(at.offset, &codes::RELEASE_OUT, message, help);
    }
}

/// What `git-tag` stands for; nothing where the configuration does not ask for it.
pub(super) fn tag_version(
    context: &mut Context<'_, '_>,
    tree: &dyn Tree,
    written: &Config,
    known: &Tagged,
) -> Option<Version> {
    let packages = written.packages.iter().filter_map(|package| package.version.as_ref());
    let mut asked = written.release.version.iter().chain(packages);
    let at = asked.find(|at| at.value == GIT_TAG)?;
    let pattern = written.release.tag.as_ref().map_or(DEFAULT_TAG, |tag| &tag.value);
    let version = tagged::version(tree, pattern, known);
    let version = context.take(at.offset, version)?;
    if version.is_snapshot() {
        context.warn(
            at.offset,
            &codes::RELEASE_SNAPSHOT,
            format!("no tag of the commit looks like `{pattern}`: the snapshot {version} is built"),
            "tag the commit to publish it; `git fetch --tags` gets tags that the clone lacks",
        );
    }
    Some(version)
}

fn version(
    context: &mut Context<'_, '_>,
    written: &Config,
    tagged: Option<&Version>,
) -> Option<(Version, Origin)> {
    let Some(at) = &written.release.version else { return root_version(context) };
    if at.value == GIT_TAG {
        return tagged.map(|version| (version.clone(), Origin::Tag));
    }
    let manifest = MANIFESTS.iter().find(|name| {
        at.value == **name || at.value.strip_suffix(**name).is_some_and(|rest| rest.ends_with('/'))
    });
    if let Some(name) = manifest {
        let path = context.path(at)?.to_owned();
        let read = version_in(context, &path, name);
        let located = context.take(at.offset, read)?;
        let Some(located) = located else {
            let (message, help) = no_version(context, &path);
            context.error(at.offset, &codes::RELEASE_VERSION_MISSING, message, help);
            return None;
        };
        return parsed(context, located);
    }
    match Version::parse(&at.value) {
        Ok(version) => Some((version, context.origins.origin(at.offset))),
        Err(error) => {
            let help = "write a version such as `1.2.3`, the path of a `pyproject.toml`, \
                        `Cargo.toml` or `Chart.yaml`, or `git-tag`";
            let path = path_problem(&at.value).is_none() && at.value.contains(['/', '.']);
            let message = if path && at.value.contains(char::is_alphabetic) {
                format!("`{}` is neither a version nor a manifest that has one", at.value)
            } else {
                error.to_string()
            };
            context.error(at.offset, &codes::RELEASE_VERSION, message, help);
            None
        }
    }
}

/// Manifests that say a version.
pub(crate) const MANIFESTS: [&str; 5] =
    ["pyproject.toml", "Cargo.toml", "Chart.yaml", "setup.cfg", "setup.py"];

fn root_version(context: &mut Context<'_, '_>) -> Option<(Version, Origin)> {
    for name in MANIFESTS {
        match context.manifests.text(name).and_then(|found| match found {
            Some(_) => version_in(context, name, name),
            None => Ok(None),
        }) {
            Ok(Some(located)) => return parsed(context, located),
            Ok(None) => {}
            // A `setup.cfg` may hold nothing but a linter's settings.
            Err(problem) if problem.code.class == Class::Absent => {}
            Err(problem) => {
                context.take::<()>(0, Err(problem));
                return None;
            }
        }
    }
    context.problems.push(
        Diagnostic::new(&codes::RELEASE_VERSION_MISSING, "the release has no version")
            .at(Location::file(config::CONFIG_FILE))
            .help("add `version` under `[release]`: a version, a manifest's path, or `git-tag`"),
    );
    None
}

fn version_in(
    context: &Context<'_, '_>,
    path: &str,
    name: &str,
) -> Result<Option<Located>, Diagnostic> {
    let manifests = &context.manifests;
    manifests.file(path)?;
    match name {
        "pyproject.toml" | "setup.cfg" | "setup.py" => Ok(manifests.python(parent(path))?.version),
        "Cargo.toml" => manifests.cargo_version(parent(path)),
        _ => Ok(manifests.chart(parent(path))?.version),
    }
}

/// Why the manifest at `path` says no version, and what to do.
fn no_version(context: &Context<'_, '_>, path: &str) -> (String, &'static str) {
    let is_python = path.ends_with("pyproject.toml") || path.ends_with(".py");
    let project = context.manifests.python(parent(path)).ok().filter(|_| is_python);
    match project.and_then(|project| project.version_tool) {
        Some(tool @ VersionTool::Variable(_)) => (
            format!("`{path}` takes its version from the variable `{}`", tool.name()),
            "write the version here: `version = \"1.2.3\"`, or `version = \"git-tag\"`",
        ),
        Some(tool) => (
            format!("the version of `{path}` comes from git tags ({})", tool.name()),
            "set `version = \"git-tag\"`",
        ),
        None => (
            format!("`{path}` says no version that can be read"),
            "write a literal version there, or here: `version = \"1.2.3\"`, or `\"git-tag\"`",
        ),
    }
}

fn parsed(context: &mut Context<'_, '_>, located: Located) -> Option<(Version, Origin)> {
    match Version::parse(&located.text) {
        Ok(version) => Some((version, Origin::File(located.location))),
        Err(error) => {
            context.problems.push(
                Diagnostic::new(&format::codes::VERSION_INVALID, error.to_string())
                    .at(located.location)
                    .help("write a version such as `1.2.3`"),
            );
            None
        }
    }
}

/// What the tag looks like where nothing is said.
pub(crate) const DEFAULT_TAG: &str = "v{version}";

fn tag(context: &mut Context<'_, '_>, written: &Config, version: Option<&Version>) -> String {
    let default = At::new(DEFAULT_TAG.to_owned(), 0);
    let at = written.release.tag.as_ref().unwrap_or(&default);
    let text = version.map_or("0", Version::text);
    // The version `v1.0` is released as `v1.0`, not as `vv1.0`.
    let has_mark = at.value.contains("v{version}");
    let text = text.strip_prefix('v').filter(|_| has_mark).unwrap_or(text);
    let tag = at.value.replace("{version}", text);
    let problem = if !at.value.contains("{version}") {
        Some("lacks `{version}`, so every release would have the same")
    } else {
        tag_problem(&tag)
    };
    if let Some(why) = problem {
        context.error(
            at.offset,
            &codes::RELEASE_TAG,
            format!("the tag `{}` {why}", at.value),
            "write it like `v{version}`",
        );
    }
    tag
}

/// Why git would refuse a tag (git-check-ref-format).
fn tag_problem(tag: &str) -> Option<&'static str> {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\{}".contains(c);
    let part = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    let ends = tag.starts_with('-') || tag.ends_with('.') || tag == "@";
    if tag.contains(forbidden) {
        Some("holds a character that git refuses in tags")
    } else if ends || tag.contains("..") || tag.contains("@{") || tag.split('/').any(part) {
        Some("is spelled as git refuses tags")
    } else {
        None
    }
}

fn repository(context: &mut Context<'_, '_>, written: &Config) -> String {
    let Some(at) = &written.release.repository else { return String::new() };
    let trimmed = at.value.trim_end_matches('/');
    let trimmed = trimmed.strip_suffix(".git").unwrap_or(trimmed);
    let host = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    let fits = host.is_some_and(|host| {
        let plain = |c: char| c.is_ascii_graphic() && !"\"'<>\\^`{|}@".contains(c);
        !host.is_empty() && !host.starts_with('/') && host.chars().all(plain)
    });
    if !fits {
        context.error(
            at.offset,
            &codes::RELEASE_REPOSITORY,
            format!("`{}` is not the web address of a repository", at.value),
            "write it like `https://github.com/owner/name`",
        );
    }
    trimmed.to_owned()
}

fn default_registry(
    context: &mut Context<'_, '_>,
    formats: &[&dyn Plans],
    written: &Config,
    repository: &str,
) -> String {
    let owner = repository
        .strip_prefix("https://github.com/")
        .and_then(|path| path.split('/').next())
        .filter(|owner| !owner.is_empty());
    if let Some(owner) = owner {
        return format!("ghcr.io/{}", owner.to_lowercase());
    }
    let goes = |package: &PackageTable| {
        let mut there =
            formats.iter().filter(|format| package.formats.contains_key(format.key().name));
        there.any(|format| format.destination() == Destination::Registry)
    };
    if let Some(package) = written.packages.iter().find(|package| goes(package)) {
        context.warn(
            package.offset,
            &codes::RELEASE_REGISTRY,
            "no registry is named, so images and charts are called `localhost/…`",
            "add `registry = \"ghcr.io/owner\"` or `repository = \"https://…\"` under `[release]`",
        );
    }
    LOCAL_REGISTRY.to_owned()
}

/// Where images go when nobody said: a name that belongs to nobody on the network.
const LOCAL_REGISTRY: &str = "localhost";

/// A registry and a path without scheme, tag or digest (OCI distribution-spec, "name").
fn registry_path(context: &mut Context<'_, '_>, at: &At<String>, key: &str) -> Option<String> {
    let text = at.value.trim_end_matches('/');
    let (host, path) = text.split_once('/').map_or((text, None), |(h, p)| (h, Some(p)));
    let (name, port) = host.split_once(':').map_or((host, None), |(n, p)| (n, Some(p)));
    let is_name = |part: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !part.is_empty()
            && part.chars().all(plain)
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let host_fits = name.split('.').all(is_name)
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
        && (name.contains('.') || port.is_some() || name == "localhost");
    let path_fits = path.is_none_or(|path| path.split('/').all(registry_part_fits));
    if text.len() <= MAX_REFERENCE_CHARS && host_fits && path_fits {
        return Some(text.to_owned());
    }
    let help = if text.contains("://") {
        "leave out the scheme: `ghcr.io/owner`"
    } else if text != text.to_lowercase() {
        "registries know lower case only: `ghcr.io/owner`"
    } else {
        "write host and path, such as `ghcr.io/owner`"
    };
    let message = format!("`{}` is not a registry that `{key}` can name", at.value);
    context.error(at.offset, &codes::RELEASE_REGISTRY, message, help);
    None
}

/// Registries refuse names above 255 characters; a package's name must still fit behind.
const MAX_REFERENCE_CHARS: usize = 120;
