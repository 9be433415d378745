//! `release.json`: what was sealed, and what signed evidence must stand beside it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Artifact, DiagnosticRecord, Digest, Document, Release, UnitId};

/// The manifest. Written once, by `seal`, before any signature; signing adds files, changes none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`Manifest::SCHEMA`].
    pub schema: String,
    /// The program that sealed it.
    pub generator: ToolUse,
    /// What holds for the whole release.
    pub release: Release,
    /// Where the sources came from.
    pub source: ReleaseFacts,
    /// Digest of the plan that was built.
    pub plan: Digest,
    /// How its evidence is signed.
    pub signing: Signing,
    /// What became of each unit, in the plan's order.
    pub units: Vec<UnitRecord>,
    /// What a person should look at, though it stopped nothing. In order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<DiagnosticRecord>,
    /// Sorted by path.
    pub artifacts: Vec<Artifact>,
    /// Sorted by path.
    pub documents: Vec<Document>,
    /// Signed evidence that must be there, by name and kind only. Sorted by path.
    pub evidence: Vec<Evidence>,
    /// The release's downloads under their flat names. Sorted by name.
    pub assets: Vec<Asset>,
    /// External tools that took part, sorted by name.
    pub tools: Vec<ToolUse>,
}

/// Where the sources came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseFacts {
    /// The commit; absent without git.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether the tree differed from the commit.
    pub dirty: bool,
    /// `SOURCE_DATE_EPOCH`: seconds since 1970, of the commit; 315532800 (1980-01-01) without git.
    pub epoch: u64,
    /// Commits of its submodules, by their folders.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub submodules: BTreeMap<String, String>,
    /// What a person should know about the source, such as `no git`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// How evidence is signed: not at all unless a way is set. In JSON it is one word; see `Word`, the
/// one place where a further way (or several together) gets its spelling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Word", into = "Word")]
pub struct Signing {
    /// Who makes the Sigstore bundles, where there are any.
    pub bundles: Option<BundleSigner>,
}

/// Who makes the Sigstore bundles of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleSigner {
    /// A key made for the run: integrity only, signer unknown.
    Local,
    /// The caller's own key.
    Key,
}

/// How a manifest spells it.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    None,
    Local,
    Key,
}

/// How a unit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitStatus {
    /// Its artifacts are there.
    Built,
    /// No daemon or tool for it here.
    NotBuilt,
    /// Its own build said no.
    Failed,
}

/// What became of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRecord {
    /// The unit.
    pub id: UnitId,
    /// How it ended.
    pub status: UnitStatus,
    /// Why it was not built, or how it failed; empty when built.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What kind of evidence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// A Sigstore bundle with a signature over a file.
    Bundle,
    /// A Sigstore bundle with a DSSE envelope around a statement.
    StatementBundle,
    /// A Sigstore bundle with a DSSE envelope around the statement that an image, the image of one
    /// platform, or the manifest of a chart is signed: what `cosign verify` asks a registry for.
    ImageSignature,
    /// The public key (PEM, SubjectPublicKeyInfo) that the bundles verify with.
    PublicKey,
}

/// A file that signing adds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Path in `dist/`.
    pub path: String,
    /// Its kind.
    pub kind: EvidenceKind,
    /// The file it signs; absent for a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// A download of the release: `github/NAME` has the same bytes as `path`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Asset {
    /// Flat file name.
    pub name: String,
    /// Path in `dist/`.
    pub path: String,
}

/// A program and its version.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ToolUse {
    /// Its name.
    pub name: String,
    /// Its exact version.
    pub version: String,
    /// Digest of the downloaded file, where it was downloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

impl Signing {
    /// Not at all.
    pub const NONE: Self = Self { bundles: None };
    /// With a key made for the run.
    pub const LOCAL: Self = Self { bundles: Some(BundleSigner::Local) };
    /// With the caller's own key.
    pub const KEY: Self = Self { bundles: Some(BundleSigner::Key) };

    /// Whether there is any signature.
    #[must_use]
    pub fn is_signed(self) -> bool {
        self != Self::NONE
    }

    /// The evidence that stands beside the file at `path`, which is signed as `kind` says.
    #[must_use]
    pub fn beside(self, path: &str, kind: EvidenceKind) -> Option<Evidence> {
        self.bundles.map(|_| Evidence {
            path: format!("{path}{}", Manifest::BUNDLE_SUFFIX),
            kind,
            about: Some(path.to_owned()),
        })
    }

    /// What verifying the signatures takes and none of them holds: the public key's file, where a
    /// key signs.
    #[must_use]
    pub fn material(self) -> Option<Evidence> {
        self.bundles.map(|signer| match signer {
            BundleSigner::Local | BundleSigner::Key => Evidence {
                path: Manifest::KEY_FILE.to_owned(),
                kind: EvidenceKind::PublicKey,
                about: None,
            },
        })
    }
}

impl From<Word> for Signing {
    fn from(word: Word) -> Self {
        match word {
            Word::None => Self::NONE,
            Word::Local => Self::LOCAL,
            Word::Key => Self::KEY,
        }
    }
}

impl From<Signing> for Word {
    fn from(signing: Signing) -> Self {
        match signing.bundles {
            None => Self::None,
            Some(BundleSigner::Local) => Self::Local,
            Some(BundleSigner::Key) => Self::Key,
        }
    }
}

impl EvidenceKind {
    /// Whether it is a signature, rather than what verifying one takes.
    #[must_use]
    pub fn is_signature(self) -> bool {
        match self {
            Self::Bundle | Self::StatementBundle | Self::ImageSignature => true,
            Self::PublicKey => false,
        }
    }
}

impl Manifest {
    /// The schema that this version of the program writes and reads.
    pub const SCHEMA: &str = "package-actions/release/1";
    /// Its name in `dist/`.
    pub const FILE: &str = "release.json";
    /// The public key's name in `dist/`.
    pub const KEY_FILE: &str = "signing-key.pub";
    /// What a signature's name adds to the name of the file it signs.
    pub const BUNDLE_SUFFIX: &str = ".sigstore.json";

    /// A manifest of `release` that lists nothing yet and is not signed.
    #[must_use]
    pub fn new(generator: ToolUse, release: Release) -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            generator,
            release,
            source: ReleaseFacts::default(),
            plan: Digest::of(b""),
            signing: Signing::NONE,
            units: Vec::new(),
            warnings: Vec::new(),
            artifacts: Vec::new(),
            documents: Vec::new(),
            evidence: Vec::new(),
            assets: Vec::new(),
            tools: Vec::new(),
        }
    }

    /// The one rendering: two-space indented JSON with a newline at the end.
    ///
    /// # Errors
    /// Never for these types; the signature leaves it to the caller all the same.
    pub fn render(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_signing_has_its_word() {
        let check = |signing: Signing, word: &str, material: Option<&str>| {
            assert_eq!(serde_json::to_string(&signing).unwrap(), word);
            assert_eq!(serde_json::from_str::<Signing>(word).unwrap(), signing);
            let found = signing.material().map(|item| item.path);
            assert_eq!(found.as_deref(), material, "{word}");
            let beside = signing.beside("a", EvidenceKind::Bundle).map(|item| item.path);
            assert_eq!(beside.as_deref(), material.map(|_| "a.sigstore.json"), "{word}");
        };
        check(Signing::NONE, "\"none\"", None);
        check(Signing::LOCAL, "\"local\"", Some("signing-key.pub"));
        check(Signing::KEY, "\"key\"", Some("signing-key.pub"));
        for wrong in ["\"None\"", "\"\"", "null", "[\"key\"]", "{}"] {
            assert!(serde_json::from_str::<Signing>(wrong).is_err(), "{wrong}");
        }
    }
}
