//! The JavaScript object that shows a step what lies on a disk, and how it is asked.
//!
//! A method that cannot answer throws a text: a problem as JSON. Anything else that is thrown is
//! told as a problem too.

use std::cell::RefCell;

use model::{Code, Diagnostic, DiagnosticRecord, Diagnostics, Digest, Found, Location, Tree};
use serde_json::{Value, json};
#[cfg(feature = "verify")]
use verify::{Dist, Entry};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// What a step may ask. Paths use `/` and are relative.
    pub type Host;

    /// What stands at a path of the tree: a letter (`T` text, `F` folder, `A` absent, `O` outside,
    /// `N` not text, `U` unreadable), then the bytes of the text, link or reason.
    #[wasm_bindgen(method, catch)]
    fn find(this: &Host, path: &str) -> Result<Vec<u8>, JsValue>;

    /// The same where no text is needed: of any file, the letter `N` alone. A host may lack it.
    #[wasm_bindgen(method, catch)]
    fn look(this: &Host, path: &str) -> Result<Vec<u8>, JsValue>;

    /// The files of the tree, in any order, a NUL after each.
    #[wasm_bindgen(method, catch)]
    fn files(this: &Host) -> Result<Vec<u8>, JsValue>;

    /// What git answers to its arguments, joined by NUL, in the repository around: `T` and the
    /// text, or nothing where there is none. A host may lack it.
    #[wasm_bindgen(method, catch)]
    fn git(this: &Host, question: &str) -> Result<Vec<u8>, JsValue>;

    /// The SHA-256 of bytes, as 32 bytes. A host may lack it.
    #[wasm_bindgen(method, catch)]
    fn sha256(this: &Host, bytes: &[u8]) -> Result<Vec<u8>, JsValue>;

    /// All that is in a release's folder: `[{"path", "regular"}]`.
    #[wasm_bindgen(method, catch)]
    fn entries(this: &Host) -> Result<String, JsValue>;

    /// The bytes of a file of the release.
    #[wasm_bindgen(method, catch)]
    fn read(this: &Host, path: &str, limit: f64) -> Result<Vec<u8>, JsValue>;

    /// A file's length in bytes.
    #[wasm_bindgen(method, catch)]
    fn size(this: &Host, path: &str) -> Result<f64, JsValue>;

    /// `{"size", "digest"}` of a file.
    #[wasm_bindgen(method, catch)]
    fn measure(this: &Host, path: &str) -> Result<String, JsValue>;
}

/// Runs `work` over the host's tree. A tree that could not be listed makes the whole answer wrong,
/// so then its problem is the answer.
#[cfg(feature = "core")]
pub(crate) fn planned(host: &Host, work: impl FnOnce(&dyn Tree) -> String) -> String {
    let seen = Seen { host, broken: RefCell::new(None) };
    let answer = work(&seen);
    match seen.broken.into_inner() {
        Some(problem) => json!({ "problems": Diagnostics::from(problem) }).to_string(),
        None => answer,
    }
}

/// Bytes from which on the host is asked to hash: fewer are hashed here in less time than a host
/// takes to get ready.
#[cfg(feature = "core")]
const LARGE: usize = 1 << 18;

#[cfg(feature = "core")]
impl Host {
    /// The digest of `bytes`.
    pub(crate) fn digest(&self, bytes: &[u8]) -> Digest {
        let told = if bytes.len() < LARGE { None } else { self.sha256(bytes).ok() };
        let raw = told.and_then(|raw| <[u8; 32]>::try_from(raw).ok());
        raw.map_or_else(|| Digest::of(bytes), Digest::from_raw)
    }
}

/// The host's tree, and what went wrong while it was listed.
#[cfg(feature = "core")]
struct Seen<'h> {
    host: &'h Host,
    broken: RefCell<Option<Diagnostic>>,
}

#[cfg(feature = "core")]
impl Tree for Seen<'_> {
    fn find(&self, path: &str) -> Found {
        self.found(path, |path| self.host.find(path))
    }

    fn look(&self, path: &str) -> Found {
        match self.found(path, |path| self.host.look(path).or_else(|_| self.host.find(path))) {
            Found::Text(_) | Found::NotText => Found::File,
            other => other,
        }
    }

    fn git(&self, question: &[&str]) -> Result<Option<String>, Diagnostic> {
        asked(self.host, question)
    }

    fn files(&self) -> Vec<String> {
        let listed = self.host.files().map_err(|thrown| problem(&thrown, ""));
        let text = listed.and_then(|bytes| {
            let wrong =
                |_| Diagnostic::new(&model::codes::TREE_UNREADABLE, "a file's name is not UTF-8");
            String::from_utf8(bytes).map_err(wrong)
        });
        match text {
            Ok(text) => {
                let mut files: Vec<String> =
                    text.split_terminator('\0').map(str::to_owned).collect();
                files.sort();
                files.dedup();
                files
            }
            Err(problem) => {
                self.broken.replace(Some(problem));
                Vec::new()
            }
        }
    }
}

/// What a host answers to a question for git; a host that lacks it has no repository.
#[cfg(feature = "core")]
fn asked(host: &Host, question: &[&str]) -> Result<Option<String>, Diagnostic> {
    let refusal = |thrown: JsValue| thrown.as_string().map(|_| problem(&thrown, "."));
    let told = host.git(&question.join("\0")).map_err(refusal);
    match told {
        Ok(told) => match told.split_first() {
            Some((b'T', text)) => Ok(Some(String::from_utf8_lossy(text).into_owned())),
            _ => Ok(None),
        },
        Err(Some(problem)) => Err(problem),
        Err(None) => Ok(None),
    }
}

#[cfg(feature = "core")]
impl Seen<'_> {
    /// What the host answers about a path. Where it cannot tell what the tree is at all, no answer
    /// about one path is an answer.
    fn found(&self, path: &str, ask: impl FnOnce(&str) -> Result<Vec<u8>, JsValue>) -> Found {
        if model::path_problem(path).is_some() {
            return Found::Absent;
        }
        match ask(path) {
            Ok(told) => found(told),
            Err(thrown) => {
                let problem = problem(&thrown, path);
                let message = problem.message.clone();
                if OF_THE_TREE.contains(&problem.code) {
                    self.broken.borrow_mut().get_or_insert(problem);
                }
                Found::Unreadable(message)
            }
        }
    }
}

/// What a host told about a path.
#[cfg(feature = "core")]
fn found(told: Vec<u8>) -> Found {
    let Some((kind, _)) = told.split_first() else {
        return Found::Unreadable("the host gave no answer".to_owned());
    };
    let kind = *kind;
    let mut rest = told;
    rest.remove(0);
    let lossy = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    match kind {
        b'T' => String::from_utf8(rest).map_or(Found::NotText, Found::Text),
        b'F' => Found::Folder,
        b'A' => Found::Absent,
        b'O' => Found::Outside(lossy(rest)),
        b'N' => Found::NotText,
        _ => Found::Unreadable(lossy(rest)),
    }
}

#[cfg(feature = "verify")]
impl Dist for Host {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        let text = Host::entries(self).map_err(|thrown| problem(&thrown, "."))?;
        let list: Value = serde_json::from_str(&text).unwrap_or_default();
        let entry = |item: &Value| {
            let path = item["path"].as_str()?.to_owned();
            Some(Entry { path, regular: item["regular"].as_bool()? })
        };
        let entries = list.as_array().and_then(|list| list.iter().map(entry).collect());
        let mut entries: Vec<Entry> = entries.ok_or_else(|| nonsense("."))?;
        entries.sort();
        Ok(entries)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        // Beyond 2^53 a limit is none that a host could keep.
        let told = Host::read(self, path, limit as f64);
        told.map_err(|thrown| problem(&thrown, path))
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        let size = Host::size(self, path).map_err(|thrown| problem(&thrown, path))?;
        Ok(size as u64)
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        let text = Host::measure(self, path).map_err(|thrown| problem(&thrown, path))?;
        let told: Value = serde_json::from_str(&text).unwrap_or_default();
        let digest = told["digest"].as_str().and_then(|digest| digest.parse().ok());
        match (told["size"].as_u64(), digest) {
            (Some(size), Some(digest)) => Ok((size, digest)),
            _ => Err(nonsense(path)),
        }
    }
}

/// The codes that a host may throw.
const THROWN: [&Code; 7] = [
    &model::codes::FILE_FAILED,
    &model::codes::FILE_MISSING,
    &model::codes::FILE_NOT_REGULAR,
    &model::codes::FILE_TOO_LARGE,
    &model::codes::GIT_FAILED,
    &model::codes::GIT_MISSING,
    &model::codes::TREE_NAME,
];

/// Those of them that are about the whole tree.
#[cfg(feature = "core")]
const OF_THE_TREE: [&Code; 3] =
    [&model::codes::GIT_FAILED, &model::codes::GIT_MISSING, &model::codes::TREE_NAME];

/// What a host threw, as a problem at `path`.
fn problem(thrown: &JsValue, path: &str) -> Diagnostic {
    let told = thrown.as_string().unwrap_or_default();
    let read = serde_json::from_str::<DiagnosticRecord>(&told).ok();
    read.and_then(|record| record.restore(&THROWN)).unwrap_or_else(|| {
        let problem = Diagnostic::new(&model::codes::FILE_FAILED, "the host could not answer");
        problem.at(Location::file(path))
    })
}

fn nonsense(path: &str) -> Diagnostic {
    Diagnostic::new(&model::codes::FILE_FAILED, "the host gave an answer that is none")
        .at(Location::file(path))
}
