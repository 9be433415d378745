//! A repository's objects through a git folder of our own, which no configuration reaches.
//!
//! It borrows the objects (gitrepository-layout, `objects/info/alternates`) and has nothing else:
//! no configuration of the person or of the repository, so no line endings, filters, modes or
//! attributes but those of the commit; no promisor, so nothing is fetched; no sparse checkout.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use model::Diagnostic;
use model::limits::MAX_TEXT_BYTES;

use super::commit::Commit;
use super::git;

/// The objects of one commit.
#[derive(Debug)]
pub(super) struct Objects {
    // Before the folder, so that it ends before that vanishes.
    reader: Mutex<Option<Reader>>,
    folder: Temporary,
}

/// `git cat-file --batch`, and what it answers.
#[derive(Debug)]
struct Reader {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    /// Those of `commit`. The folder is temporary, and vanishes with this value.
    pub(super) fn of(commit: &Commit) -> Result<Self, Diagnostic> {
        let objects = Self { reader: Mutex::default(), folder: Temporary::new()? };
        lay_out(objects.folder.path(), commit).map_err(|error| broken(&error))?;
        Ok(objects)
    }

    /// Writes files of the commit's tree below `to`, links as links, converted as the commit's own
    /// attributes ask for. `paths` are those below the commit's prefix.
    pub(super) fn check_out<'p>(
        &self,
        commit: &Commit,
        paths: impl IntoIterator<Item = &'p str>,
        to: &Path,
    ) -> Result<(), Diagnostic> {
        self.index(commit)?;
        let mut list = Vec::new();
        for path in paths {
            list.extend_from_slice(commit.prefix.as_bytes());
            list.extend_from_slice(path.as_bytes());
            list.push(0);
        }
        let mut command = self.command(to);
        command.args(["checkout-index", "--force", "--quiet", "-z", "--stdin"]);
        feed(&mut command, &list).map(|_| ())
    }

    /// The filter that the commit's attributes name for each of `paths`, where they name one.
    pub(super) fn filters(
        &self,
        commit: &Commit,
        paths: &[&str],
    ) -> Result<Vec<(String, String)>, Diagnostic> {
        self.index(commit)?;
        let list: String = paths.iter().map(|path| format!("{}{path}\0", commit.prefix)).collect();
        let mut command = self.command(self.folder.path());
        command.args(["check-attr", "--cached", "-z", "--stdin", "filter"]);
        let answer = feed(&mut command, list.as_bytes())?;
        let fields: Vec<&[u8]> = answer.split(|byte| *byte == 0).collect();
        let mut filters = Vec::new();
        for row in fields.chunks_exact(3) {
            let (path, value) = (git::path(row[0])?, git::path(row[2])?);
            if !["unspecified", "unset", "set"].contains(&value) {
                let path = path.strip_prefix(commit.prefix.as_str()).unwrap_or(path);
                filters.push((path.to_owned(), value.to_owned()));
            }
        }
        Ok(filters)
    }

    /// The bytes of a blob; nothing where it is larger than a text may be.
    pub(super) fn blob(&self, id: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if reader.is_none() {
            let mut command = self.command(self.folder.path());
            *reader = Some(Reader::start(command.args(["cat-file", "--batch"]))?);
        }
        let Some(reader) = reader.as_mut() else { return Ok(None) };
        reader.blob(id).map_err(|error| broken(&error))?.ok_or_else(|| missing(id))
    }

    /// Reads the commit's tree into the index of this folder, once.
    fn index(&self, commit: &Commit) -> Result<(), Diagnostic> {
        if self.folder.path().join("index").exists() {
            return Ok(());
        }
        git::run(self.command(self.folder.path()).args(["read-tree", &commit.id])).map(|_| ())
    }

    fn command(&self, work: &Path) -> Command {
        command(self.folder.path(), work)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It ends by itself as soon as nobody can ask any more.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

impl Reader {
    fn start(command: &mut Command) -> Result<Self, Diagnostic> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| git::not_started(&error))?;
        let output = child.stdout.take().ok_or_else(|| git::failed("it has no output"))?;
        Ok(Self { child, answers: BufReader::new(output) })
    }

    /// A blob, if it is there and, inside of that, if it is small enough (git-cat-file, "Batch
    /// output").
    fn blob(&mut self, id: &str) -> io::Result<Option<Option<Vec<u8>>>> {
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let input = self.child.stdin.as_mut().ok_or_else(closed)?;
        input.write_all(format!("{id}\n").as_bytes())?;
        input.flush()?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let Some(size) = line.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok())
        else {
            return Ok(None);
        };
        let size: u64 = size;
        let mut bytes = Vec::new();
        let rest = &mut self.answers;
        if size > MAX_TEXT_BYTES {
            io::copy(&mut rest.take(size + 1), &mut io::sink())?;
            return Ok(Some(None));
        }
        rest.take(size + 1).read_to_end(&mut bytes)?;
        bytes.truncate(usize::try_from(size).unwrap_or_default());
        Ok(Some(Some(bytes)))
    }
}

/// A call of git with `folder` for a repository and `work` for its work tree, which reads no other
/// configuration than that one's.
pub(super) fn command(folder: &Path, work: &Path) -> Command {
    let mut command = git::command(work);
    command.env_remove("XDG_CONFIG_HOME").env("HOME", folder);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_ATTR_NOSYSTEM", "1");
    command.env("GIT_DIR", folder).env("GIT_WORK_TREE", work);
    command
}

/// Makes `folder` a git folder with `commit`, which has no history, and its objects.
pub(super) fn lay_out(folder: &Path, commit: &Commit) -> io::Result<()> {
    for inside in ["objects/info", "refs", "info"] {
        fs::create_dir_all(folder.join(inside))?;
    }
    let alternates = commit.objects.canonicalize()?;
    fs::write(folder.join("objects/info/alternates"), quoted(&alternates))?;
    fs::write(folder.join("HEAD"), format!("{}\n", commit.id))?;
    fs::write(folder.join("shallow"), format!("{}\n", commit.id))?;
    fs::write(folder.join("config"), configuration(commit))
}

/// What git reads in such a folder (git-config, "Values" of `core`, `status` and `extensions`).
/// Tools that ask it in a staged copy have the person's configuration too, so nothing that changes
/// their answers is left out here.
fn configuration(commit: &Commit) -> String {
    let naming = commit.naming.name();
    let version = if naming == "sha1" { "" } else { "\trepositoryFormatVersion = 1\n" };
    let extension = match naming {
        "sha1" => String::new(),
        other => format!("[extensions]\n\tobjectFormat = {other}\n"),
    };
    format!(
        "[core]\n{version}\tbare = false\n\tautocrlf = false\n\teol = lf\n\tsymlinks = true\n\
         \tfileMode = true\n\tsafecrlf = false\n\texcludesFile =\n\tattributesFile =\n\
         \tfsmonitor = false\n[status]\n\tshowUntrackedFiles = normal\n{extension}"
    )
}

/// A path as a line of `alternates`.
fn quoted(path: &Path) -> Vec<u8> {
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec();
    #[cfg(not(unix))]
    let bytes = path.to_string_lossy().into_owned().into_bytes();
    if !bytes.contains(&b'\n') {
        return [bytes, b"\n".to_vec()].concat();
    }
    let mut line = vec![b'"'];
    for byte in bytes {
        match byte {
            b'\n' => line.extend_from_slice(b"\\n"),
            b'"' | b'\\' => line.extend_from_slice(&[b'\\', byte]),
            other => line.push(other),
        }
    }
    line.extend_from_slice(b"\"\n");
    line
}

/// Runs git on a list; gives what it printed.
pub(super) fn feed(command: &mut Command, list: &[u8]) -> Result<Vec<u8>, Diagnostic> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| git::not_started(&error))?;
    let input = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // What it does not read, it says so by its exit code.
        scope.spawn(|| input.map(|mut input| input.write_all(list)));
        child.wait_with_output()
    });
    let output = output.map_err(|error| broken(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    match words.split_once("unable to read sha1 file of ") {
        Some((_, rest)) => Err(missing(rest.lines().next().unwrap_or_default().trim())),
        None => Err(git::failed(words.trim())),
    }
}

/// A folder that nobody else has, and that vanishes with this value.
#[derive(Debug)]
pub(super) struct Temporary(PathBuf);

impl Temporary {
    pub(super) fn new() -> Result<Self, Diagnostic> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let base = std::env::temp_dir().canonicalize().map_err(|error| broken(&error))?;
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let folder = base.join(format!("package-actions-git-{}-{count}", std::process::id()));
            match fs::create_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && count < 1000 => {}
                Err(error) => return Err(broken(&error)),
                Ok(()) => return Ok(Self(folder)),
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // A folder that stays costs room and nothing else, so there is nobody to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn missing(what: &str) -> Diagnostic {
    let message = format!("the repository lacks an object of its commit: {what}");
    Diagnostic::new(&crate::codes::GIT_OBJECT_MISSING, message).help(
        "a clone with a filter fetches objects as they are asked for: `git archive HEAD \
               --output=/dev/null` fetches those of this commit",
    )
}

pub(super) fn broken(error: &io::Error) -> Diagnostic {
    git::failed(&error.to_string())
}
