//! The format as `verify` and the documents see it.

use components::{Contents, GoBuild, PurlType, Subject};
use format::{Around, Destination, Downloads, Form, Headings, Inspects, Kind, Recognised, read};
use model::{Artifact, ArtifactKind, Diagnostic, Digest, Dist, Format, Manifest};

use crate::{
    AuditKind, AuditPackage, Binary, GoBuildInfo, GoModule, audit_data, check, codes,
    go_build_info, guide, read_binary,
};

static KINDS: [Kind; 1] = [Kind {
    name: crate::BINARY,
    form: Form::File,
    subject: Subject { purl: PurlType::Generic, purpose: "APPLICATION" },
}];

impl Inspects for Binary {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn kinds(&self) -> &'static [Kind] {
        &KINDS
    }

    fn headings(&self) -> Headings {
        Headings { short: "Binary", long: "Executables" }
    }

    fn destination(&self) -> Destination {
        Destination::Downloads
    }

    fn downloads(&self) -> Downloads {
        Downloads::Always
    }

    fn contents(
        &self,
        artifact: &Artifact,
        dist: &dyn Dist,
    ) -> Result<Vec<Diagnostic>, Diagnostic> {
        let (_, bytes) = read(artifact, dist)?;
        let read = read_binary(&bytes)?;
        let Some(platform) = artifact.platform else {
            let message = "is listed without a platform";
            return Err(Diagnostic::new(&codes::BINARY_PLATFORM, message));
        };
        Ok(check(&read, platform).into_iter().take(1).collect())
    }

    /// Any name may be an executable's.
    fn recognise(&self, name: &str, bytes: &[u8]) -> Option<Result<Recognised, Diagnostic>> {
        Some(read_binary(bytes).map(|_| Recognised {
            kind: crate::BINARY,
            package: name.to_owned(),
            version: None,
        }))
    }

    fn inside(&self, _: ArtifactKind, _: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
        Ok(linked(bytes, "")?.unwrap_or_else(|| Contents::unknown(NOTHING)))
    }

    fn inside_of(&self, artifact: &Artifact, around: &Around<'_>) -> Result<Contents, Diagnostic> {
        let (_, bytes) = read(artifact, around.dist)?;
        let version = format!("v{}", artifact.version);
        Ok(linked(&bytes, &version)?.unwrap_or_else(|| Contents::unknown(NOTHING)))
    }

    fn inside_image(&self, path: &str, bytes: &[u8]) -> Option<Contents> {
        if !bytes.starts_with(ELF) {
            return None;
        }
        let inner = linked(bytes, "").ok().flatten()?;
        Some(components::foreign_files(vec![(path.to_owned(), Digest::of(bytes), inner)]))
    }

    fn guide(&self, manifest: &Manifest) -> Option<String> {
        guide::guide(manifest)
    }
}

/// How an executable of Linux starts.
const ELF: &[u8] = b"\x7fELF";

/// What is said of an executable that says nothing.
const NOTHING: &str = "the executable carries no list of what it was linked from";

/// What an executable says that it was linked from; nothing where it says nothing. `version` is
/// that of the sources, for what says none; empty where it is not known.
fn linked(bytes: &[u8], version: &str) -> Result<Option<Contents>, Diagnostic> {
    if let Some(build) = go_build_info(bytes)? {
        return components::go(&go(build, version)).map(Some);
    }
    let Some(audit) = audit_data(bytes)? else { return Ok(None) };
    let crates: Vec<components::Crate> = audit.packages.into_iter().map(crate_of).collect();
    components::crates(&crates).map(Some)
}

fn crate_of(package: AuditPackage) -> components::Crate {
    let kind = match package.kind {
        AuditKind::Runtime => components::CrateKind::Runtime,
        AuditKind::Build => components::CrateKind::Build,
    };
    components::Crate {
        name: package.name,
        version: package.version,
        source: package.source,
        kind,
        dependencies: package.dependencies,
        root: package.root,
    }
}

fn go(build: GoBuildInfo, version: &str) -> GoBuild {
    let module = |module: GoModule| components::GoModule {
        path: module.path,
        version: module.version,
        sum: module.sum,
        replaces: module.replaces,
    };
    GoBuild {
        toolchain: build.go_version,
        version: version.to_owned(),
        module: build.main.map_or(build.path, |main| main.path),
        dependencies: build.deps.into_iter().map(module).collect(),
    }
}
