//! Random repositories: names, modes, line endings, attributes, links, ignored files.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

/// Numbers that look random, the same for one seed (xorshift64*).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap() % limit
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

const FOLDERS: [&str; 6] = [".", "src", "src/deep", "data set", "übung", "-dash"];
const NAMES: [&str; 12] = [
    "a.txt",
    "b.txt",
    "run.sh",
    "c.bat",
    "d.bin",
    "sp ace.txt",
    "quo\"te.txt",
    "back\\slash.txt",
    "ünï.txt",
    ".hidden",
    "--option.txt",
    "[set].txt",
];
const TEXTS: [&[u8]; 8] = [
    b"one\ntwo\n",
    b"one\r\ntwo\r\n",
    b"mixed\r\nends\n",
    b"",
    b"no end",
    b"\x00\xff\x01\r\n",
    b"$Id$\n",
    b"lone\rreturn\n",
];
const ATTRIBUTES: [&str; 9] = [
    "* text=auto\n",
    "*.txt text\n",
    "*.bat text eol=crlf\n",
    "*.sh text eol=lf\n",
    "*.txt ident\n",
    "*.bin binary\n",
    "*.txt -text\n",
    "*.txt export-ignore\n[attr]mine text eol=crlf\nc.bat mine\n",
    "# nothing\n",
];

/// Fills `folder` with files to commit.
pub(super) fn fill(random: &mut Random, folder: &Path) {
    for _ in 0..3 + random.below(15) {
        let at = folder.join(random.pick(&FOLDERS));
        fs::create_dir_all(&at).unwrap();
        let file = at.join(random.pick(&NAMES));
        if file.symlink_metadata().is_ok() {
            continue;
        }
        fs::write(&file, random.pick(&TEXTS)).unwrap();
        if random.below(3) == 0 {
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    fs::write(folder.join("always"), "1\n").unwrap();
    for _ in 0..random.below(3) {
        let at = folder.join(random.pick(&FOLDERS));
        fs::create_dir_all(&at).unwrap();
        fs::write(at.join(".gitattributes"), random.pick(&ATTRIBUTES)).unwrap();
    }
    if random.below(3) == 0 {
        fs::write(folder.join(".gitignore"), "*.bin\n!src/\n/src/deep/*.txt\n").unwrap();
    }
    for name in ["link", "src/link"].into_iter().take(random.below(3)) {
        fs::create_dir_all(folder.join("src")).unwrap();
        let target = random.pick(&["always", "src", "../always", "data set/a.txt", "nowhere", "."]);
        symlink(target, folder.join(name)).unwrap();
    }
}

/// Hides a part of the tree from the checkout.
pub(super) fn make_sparse(random: &mut Random, _: &Path, git: impl Fn(&[&str]) -> String) {
    match random.below(3) {
        0 => {
            git(&["sparse-checkout", "set", "--no-cone", "/always", "*.txt"]);
        }
        1 => {
            git(&["update-index", "--skip-worktree", "always"]);
        }
        _ => {}
    }
}
