//! Brings the files of one version from an index into a folder, for others to verify. What the
//! index says of a file is kept beside what its bytes are; nothing here judges content.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use format::Inspects;
use http::Http;
use model::{Diagnostic, Digest, Manifest, Version, normalized_python_name};
use publish::map_concurrently;

use crate::codes;
use crate::index::Index;
use crate::page::Listed;
use crate::preflight;

/// Bytes of one file: the largest on the public index are below.
const MAX_FILE_BYTES: u64 = 4 << 30;

/// Files of one version: the public index's largest releases have some hundreds.
const MAX_FILES: usize = 2_000;

/// One version of a project on an index.
#[derive(Debug, Clone, Copy)]
pub struct VersionAddress<'a> {
    /// The index's simple API.
    pub index: &'a str,
    /// The project.
    pub project: &'a str,
    /// Its version.
    pub version: &'a str,
}

/// A wheel or sdist that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedDistribution {
    /// Its file name.
    pub name: String,
    /// Where it is now.
    pub path: PathBuf,
    /// Its length in bytes.
    pub size: u64,
    /// What its bytes hash to.
    pub digest: Digest,
    /// What the index says that they hash to.
    pub stated: Option<Digest>,
    /// Its provenance (PEP 740), where the index serves one.
    pub provenance: Option<Vec<u8>>,
}

/// Fetches all files of a version into `folder`, which is made if need be, `width` of them at a
/// time. Sorted by name. A small server drops connections beyond five or so, and each of those is
/// tried again a second later: who fetches several versions at a time takes their files in turn.
///
/// # Errors
/// `index-absent` when the index has no such version; `index-page`; what asking ends with.
pub fn fetch(
    http: &Arc<Http>,
    from: &VersionAddress<'_>,
    folder: &Path,
    width: usize,
) -> Result<Vec<FetchedDistribution>, Diagnostic> {
    let index = Index::new(http, from.index)?;
    let project = normalized_python_name(from.project);
    let page = http.block_on(index.page(&project))?;
    let absent = || {
        let message = format!("the index has no `{}` of version `{}`", from.project, from.version);
        Diagnostic::new(&codes::INDEX_ABSENT, message)
            .help("look at the name, the version and the index")
    };
    let page = page.ok_or_else(absent)?;
    let mut names: Vec<&str> = page
        .files
        .iter()
        .map(name_of)
        .filter(|name| is_named(name, &project, from.version))
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Err(absent());
    }
    if names.len() > MAX_FILES {
        let message = format!("the index lists {} files of one version", names.len());
        return Err(Diagnostic::new(&codes::INDEX_PAGE, message));
    }
    fs::create_dir_all(folder).map_err(|error| {
        let message = format!("cannot make `{}`: {error}", folder.display());
        Diagnostic::new(&http::codes::REMOTE_FILE, message)
    })?;
    let fetched = map_concurrently(&names, width, |name| match page.file(name)? {
        Some(listed) => http.block_on(one(&index, listed, folder)),
        None => Err(absent()),
    });
    fetched.into_iter().flatten().collect()
}

/// The names of those wheels and sdists of a release that are of one version of a project.
#[must_use]
pub fn names_of(
    manifest: &Manifest,
    formats: &[&dyn Inspects],
    project: &str,
    version: &str,
) -> Vec<String> {
    let names = preflight::distributions(manifest, formats).map(preflight::file_name);
    names
        .filter(|name| is_named(name, &normalized_python_name(project), version))
        .map(str::to_owned)
        .collect()
}

/// The projects and versions, as file names spell them, that a release has on an index.
#[must_use]
pub fn versions_of(manifest: &Manifest, formats: &[&dyn Inspects]) -> BTreeSet<(String, String)> {
    preflight::distributions(manifest, formats)
        .map(preflight::file_name)
        .filter_map(preflight::project)
        .collect()
}

fn name_of(file: &Listed) -> &str {
    &file.name
}

/// Whether a file is one of that version, whose spelling may differ.
fn is_named(name: &str, project: &str, version: &str) -> bool {
    let Some((of, found)) = preflight::project(name) else { return false };
    let same = match (Version::parse(&found.replace('_', "+")), Version::parse(version)) {
        (Ok(found), Ok(wanted)) => found.same_as(&wanted),
        _ => found == version,
    };
    of == project && same
}

async fn one(
    index: &Index,
    listed: &Listed,
    folder: &Path,
) -> Result<FetchedDistribution, Diagnostic> {
    let name = listed.name.clone();
    if name.contains('/') || model::path_problem(&name).is_some() {
        let message =
            format!("the index lists `{}`, which is not a file name", name.escape_debug());
        return Err(Diagnostic::new(&codes::INDEX_PAGE, message));
    }
    let path = folder.join(&name);
    let (size, digest) = index.saved(listed, &path, MAX_FILE_BYTES).await?;
    let provenance = match &listed.provenance {
        Some(at) => Some(index.provenance(at).await?.to_vec()),
        None => None,
    };
    Ok(FetchedDistribution { name, path, size, digest, stated: listed.sha256, provenance })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_a_version_however_that_is_spelled() {
        let check = |name: &str, version: &str, expected: bool| {
            assert_eq!(is_named(name, "a-b", version), expected, "{name} {version}");
        };
        check("a_b-1.0-py3-none-any.whl", "1.0", true);
        check("a_b-1.0.tar.gz", "1.0.0", true);
        check("A.B-1.0rc3.tar.gz", "1.0.0-RC-3", true);
        check("a_b-1.0.1.tar.gz", "1.0", false);
        check("other-1.0.tar.gz", "1.0", false);
        check("a_b-1.0.zip", "1.0", false);
        check("a_b-1.0+x.tar.gz", "1.0", false);
    }
}
