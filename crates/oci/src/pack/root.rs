//! The files of an image from a binary, layer by layer.

use std::collections::BTreeMap;

use archive::Entry;
use archive::tar::{self, Kind, Member};
use model::Diagnostic;

use crate::codes;

/// What lies below the executable unless an image asks for nothing.
#[derive(Debug, Clone, Copy)]
pub struct UsualBase<'a> {
    /// Certificate authorities, in PEM.
    pub certificates: &'a [u8],
    /// Time zones: TZif files (RFC 9636) by name, such as `Europe/Berlin`.
    pub zones: &'a [Entry],
}

/// A file of the tree, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<'a> {
    /// Path in the image, without a slash in front.
    pub path: String,
    /// The content.
    pub bytes: &'a [u8],
    /// Whether it is executable.
    pub executable: bool,
}

/// The file that the crypto libraries of Go, Rust and OpenSSL find on Debian, and so in images.
pub(super) const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Where the C library, Go and others look for time zones.
const ZONES: &str = "usr/share/zoneinfo";

/// The number of the user `nonroot`, as in distroless images.
const NONROOT: u32 = 65_532;

/// All files of the base have this time, 1970-01-01: so it is one layer in all images of all
/// releases that have the same data.
pub(super) const BASE_EPOCH: u64 = 0;

/// Folders of the base: mode and owner where they are not the usual ones.
const FOLDERS: [(&str, u32, u32); 2] = [("home/nonroot", 0o700, NONROOT), ("tmp", 0o1777, 0)];

/// A layer in the making.
#[derive(Default)]
pub(super) struct Layer<'a> {
    members: BTreeMap<String, Member<'a>>,
}

impl<'a> Layer<'a> {
    /// Adds a file and the folders above it. `owner` has `home/nonroot`.
    fn file(&mut self, path: &str, executable: bool, bytes: &'a [u8], owner: u32) {
        self.above(path, owner);
        let mode = if executable { 0o755 } else { 0o644 };
        let path = path.to_owned();
        let member = Member { path: path.clone(), kind: Kind::File, mode, uid: 0, bytes };
        self.members.insert(path, member);
    }

    fn folder(&mut self, path: &str, owner: u32) {
        self.above(path, owner);
        let known = FOLDERS.iter().find(|(folder, ..)| *folder == path);
        let (mode, uid) = match known {
            Some((_, mode, 0)) => (*mode, 0),
            Some((_, mode, _)) => (*mode, owner),
            None => (0o755, 0),
        };
        let path = path.to_owned();
        let kind = Kind::Folder;
        let member = Member { path: path.clone(), kind, mode, uid: u64::from(uid), bytes: &[] };
        self.members.entry(path).or_insert(member);
    }

    fn above(&mut self, path: &str, owner: u32) {
        if let Some((above, _)) = path.rsplit_once('/') {
            self.folder(above, owner);
        }
    }

    /// The archive.
    pub(super) fn tar(self, epoch: u64, name: &str) -> Result<Vec<u8>, Diagnostic> {
        let members: Vec<Member<'_>> = self.members.into_values().collect();
        tar::write_members(&members, epoch).map_err(|error| error.problem(name))
    }
}

/// The layer that every image with a usual base has.
pub(super) fn base<'a>(base: UsualBase<'a>, users: &'a Users) -> Layer<'a> {
    let mut layer = Layer::default();
    layer.file("etc/group", false, users.groups.as_bytes(), NONROOT);
    layer.file("etc/passwd", false, users.passwd.as_bytes(), NONROOT);
    layer.file(CERTIFICATES.trim_start_matches('/'), false, base.certificates, NONROOT);
    layer.folder("home/nonroot", NONROOT);
    layer.folder("tmp", NONROOT);
    for zone in base.zones {
        layer.file(&format!("{ZONES}/{}", zone.path), false, &zone.bytes, NONROOT);
    }
    layer
}

/// The lists of users and groups, as in distroless images.
pub(super) struct Users {
    passwd: String,
    groups: String,
}

impl Users {
    /// With a user `nonroot` of these numbers.
    pub(super) fn of(user: u32, group: u32) -> Self {
        let head = "root:x:0:0:root:/root:/sbin/nologin\n\
                    nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n";
        let own = match group {
            0 | NOBODY => String::new(),
            group => format!("nonroot:x:{group}:\n"),
        };
        Self {
            passwd: format!("{head}nonroot:x:{user}:{group}:nonroot:/home/nonroot:/sbin/nologin\n"),
            groups: format!("root:x:0:\nnobody:x:{NOBODY}:\n{own}"),
        }
    }

    /// Those of the base.
    pub(super) fn usual() -> Self {
        Self::of(NONROOT, NONROOT)
    }
}

const NOBODY: u32 = 65_534;

/// What lies above the base.
pub(super) struct Own<'a> {
    pub(super) name: &'a str,
    pub(super) binary: &'a [u8],
    pub(super) files: &'a [Placed<'a>],
    /// The user and group that the image runs as, with the lists that name them; nothing where
    /// there are none.
    pub(super) user: Option<(u32, u32, &'a Users)>,
}

impl<'a> Own<'a> {
    /// The layer.
    pub(super) fn layer(&self) -> Result<Layer<'a>, Diagnostic> {
        let mut layer = Layer::default();
        let owner = self.user.map_or(NONROOT, |(user, ..)| user);
        if let Some((user, group, users)) = self.user
            && (user, group) != (NONROOT, NONROOT)
        {
            layer.file("etc/group", false, users.groups.as_bytes(), owner);
            layer.file("etc/passwd", false, users.passwd.as_bytes(), owner);
            layer.folder("home/nonroot", owner);
        }
        layer.file(self.name, true, self.binary, owner);
        for file in self.files {
            self.check(&file.path)?;
            layer.file(&file.path, file.executable, file.bytes, owner);
        }
        Ok(layer)
    }

    /// Told when a file cannot go to `path`.
    fn check(&self, path: &str) -> Result<(), Diagnostic> {
        let why = match place(&format!("/{path}"), Some(self.name)) {
            Err(why) => Some(why),
            Ok(_) if self.user.is_some() => base_problem(path),
            Ok(_) => None,
        };
        why.map_or(Ok(()), |why| {
            let help = "change where `files` puts it";
            Err(Diagnostic::new(&codes::IMAGE_FILE, format!("`/{path}` {why}")).help(help))
        })
    }
}

/// Where a file goes that an image has at `to`, without the slash in front; or what is wrong with
/// that. `binary` is the name of the executable.
pub(crate) fn place<'p>(to: &'p str, binary: Option<&str>) -> Result<&'p str, &'static str> {
    let Some(path) = to.strip_prefix('/') else { return Err("does not start with `/`") };
    let top = path.split('/').next().unwrap_or_default();
    if path.is_empty() {
        Ok(path)
    } else if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        Err("has an empty, `.` or `..` part")
    } else if path.split('/').any(|part| part.starts_with(".wh.")) {
        Err("is a name by which layers remove files")
    } else if path.contains('\\') || path.chars().any(char::is_control) {
        Err("holds a backslash or a control character")
    } else if binary == Some(top) {
        Err("is where the executable lies")
    } else {
        Ok(path)
    }
}

/// What is wrong with a file at `path` above the usual base, which has folders and files itself.
pub(crate) fn base_problem(path: &str) -> Option<&'static str> {
    let below = |outer: &str| path.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    let files = ["etc/group", "etc/passwd", CERTIFICATES.trim_start_matches('/')];
    let folders = ["etc/ssl/certs", "home/nonroot", "tmp", ZONES];
    let is_folder = |folder: &&str| {
        *folder == path || folder.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    };
    if files.iter().any(|file| below(file)) {
        Some("lies below a file that the image has already")
    } else if folders.iter().any(is_folder) {
        Some("is a folder that the image has already")
    } else {
        None
    }
}
