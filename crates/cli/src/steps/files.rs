//! The files that arguments name.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::Path;

use api::Reply;
use api::checksums::{self, File};
use model::{Diagnostic, Diagnostics, Digest, Hasher, Location};
use pipeline::{Failure, Folder};
use release::{Dist as _, Entry};

/// Path and digest of the files below `directory` that are named, without the list itself.
pub(super) fn measured(
    directory: &Path,
    named: &[String],
    list: Option<&Path>,
) -> Result<Vec<File>, Failure> {
    let folder = Folder::new(directory);
    let list = list.and_then(|list| list.canonicalize().ok());
    let mut paths = Vec::new();
    for name in named {
        if folder.join(name).is_dir() && name != "." {
            paths.extend(folder.files_in(name.trim_end_matches('/'))?);
        } else if name != "." {
            paths.push(name.clone());
        }
    }
    if named.is_empty() || named.iter().any(|name| name == ".") {
        paths.extend(everything(&folder)?);
    }
    paths.sort();
    paths.dedup();
    let is_list = |path: &String| list.is_some() && folder.join(path).canonicalize().ok() == list;
    paths.retain(|path| !is_list(path));
    let file = |path: String| {
        let (_, digest) = folder.measure(&path)?;
        Ok(File { path, digest })
    };
    paths.into_iter().map(file).collect::<Result<_, Diagnostic>>().map_err(Failure::usage)
}

/// Path and digest of the files on the list `text` that are there, links followed.
pub(super) fn present(directory: &Path, text: &str) -> Result<Vec<File>, Failure> {
    let request = checksums::Request::Parse { text: text.to_owned() };
    // A list that cannot be read is told by what compares it.
    let Ok(Reply { answer: checksums::Answer::Parsed { files: listed }, .. }) =
        api::checksums(request)
    else {
        return Ok(Vec::new());
    };
    let paths: BTreeSet<String> = listed.into_iter().map(|file| file.path).collect();
    let (mut files, mut problems) = (Vec::new(), Diagnostics::new());
    for path in paths {
        match digest(&directory.join(&path)) {
            Ok(digest) => files.push(File { path, digest }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!("cannot read it: {error}");
                let problem = Diagnostic::new(&model::codes::FILE_FAILED, message);
                problems.push(problem.at(Location::file(path)));
            }
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(Failure::no(problems)) }
}

fn digest(path: &Path) -> io::Result<Digest> {
    // Opening a pipe would wait for its writer.
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let (mut file, mut hasher) = (std::fs::File::open(path)?, Hasher::new());
    let mut buffer = vec![0_u8; BUFFER_BYTES];
    loop {
        let count = file.read(&mut buffer)?;
        match buffer.get(..count) {
            None | Some([]) => return Ok(hasher.finish()),
            Some(bytes) => hasher.update(bytes),
        }
    }
}

/// Bytes read at a time.
const BUFFER_BYTES: usize = 256 << 10;

/// All files of a folder. Whatever else is there has no digest, and is not passed over.
fn everything(folder: &Folder) -> Result<Vec<String>, Failure> {
    let entries = folder.entries()?;
    let is_folder = |path: &str| folder.join(path).symlink_metadata().is_ok_and(|it| it.is_dir());
    let others = entries.iter().filter(|entry| !entry.regular && !is_folder(&entry.path));
    let other = |entry: &Entry| {
        let message = "is a link or not a regular file: it has no digest of its own";
        Diagnostic::new(&model::codes::FILE_NOT_REGULAR, message)
            .at(Location::file(&entry.path))
            .help("remove it, or name the files that you mean")
    };
    let others = Diagnostics(others.map(other).collect());
    if !others.is_empty() {
        return Err(Failure::usage(others));
    }
    Ok(entries.into_iter().filter(|entry| entry.regular).map(|entry| entry.path).collect())
}

/// The text of a file.
pub(super) fn text_of(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))
}

/// What comes in on stdin, which `file` stands for.
pub(super) fn stdin_text(file: &Path) -> Result<String, Failure> {
    io::read_to_string(io::stdin()).map_err(|error| unreadable(file, &error))
}

/// A file that cannot be read.
pub(super) fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    let location = Location::file(file.display().to_string());
    let problem = Diagnostic::new(&model::codes::FILE_FAILED, format!("cannot read it: {error}"));
    Failure::usage(problem.at(location))
}
