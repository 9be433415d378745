//! Zip archives: made ones of every kind, and changes to them that leave the offsets right.

mod layout;
mod pools;

use crate::chance::{Chance, damage};
pub use layout::Zip;
use layout::{File, Head, UTF8};
use pools::{EXTRAS, FLAGS, METHODS, MODES, NAMES, SIZES, VERSIONS};

/// Archives that say what they mean in one way, and some that do not.
pub fn seeds() -> Vec<Zip> {
    let files = |names: &[&str]| -> Vec<File> {
        let one = |(at, name): (usize, &&str)| File::new(name, &b"content ".repeat(at + 1), at % 2);
        names.iter().enumerate().map(one).collect()
    };
    let wheel = ["a/__init__.py", "a/b.py", "a-1.dist-info/METADATA", "a-1.dist-info/RECORD"];
    let mut folders = files(&["a/", "a/b", "c"]);
    folders[0] = File::new("a/", b"", 0);
    folders[0].attributes = 0o040_755 << 16 | 0x10;
    let mut named = files(&["\u{e4}", "b"]);
    named[0].both(|head| head.flags |= UTF8);
    let mut described = files(&["a", "b"]);
    described.iter_mut().for_each(File::describe);
    let mut large = files(&["a", "b"]);
    large.iter_mut().for_each(File::enlarge);
    vec![
        Zip::new(files(&wheel)),
        Zip::new(folders),
        Zip::new(named),
        Zip::new(described),
        Zip { zip64: true, ..Zip::new(large) },
        Zip { zip64: true, ..Zip::new(files(&["a", "b"])) },
        Zip { comment: b"a comment".to_vec(), ..Zip::new(files(&["a", "b"])) },
    ]
}

/// One to three changes to `seed`, as bytes.
pub fn changed(seed: &Zip, chance: &mut Chance) -> Vec<u8> {
    let mut zip = seed.clone();
    for _ in 0..=chance.below(3) {
        change(&mut zip, chance);
    }
    let mut bytes = zip.bytes();
    if chance.one_in(12) {
        damage(&mut bytes, chance);
    }
    bytes
}

fn change(zip: &mut Zip, chance: &mut Chance) {
    let at = chance.below(zip.files.len());
    match chance.below(20) {
        0..10 => member(&mut zip.files[at], chance),
        10 => zip.files.insert(at, zip.files[chance.below(zip.files.len())].clone()),
        11 => zip.files.swap(at, 0),
        12 if zip.files.len() > 1 => drop(zip.files.remove(at)),
        13 => zip.listed_backwards = true,
        14 => zip.zip64 = !zip.zip64,
        15 => zip.comment = chance.pick(pools::COMMENTS).to_vec(),
        16 => ends(zip, chance),
        17 => zip.files[at].listed = false,
        18 => zip.files[at].written = false,
        _ => damage(&mut zip.files[at].packed, chance),
    }
}

/// What is around the members.
fn ends(zip: &mut Zip, chance: &mut Chance) {
    let junk = chance.pick(pools::COMMENTS).to_vec();
    match chance.below(8) {
        0 => zip.before = junk,
        1 => zip.between = junk,
        2 => zip.after = junk,
        3 => zip.end_shift = [1, -1, 4, 46][chance.below(4)],
        4 => zip.rows_shift = [1, -1, 2][chance.below(3)],
        5 => zip.saturated = true,
        6 => zip.end64_extra = junk,
        _ => zip.size_shift = [1, -1, 46][chance.below(3)],
    }
}

fn member(file: &mut File, chance: &mut Chance) {
    match chance.below(12) {
        0 => file.attributes = pools::attributes(MODES[chance.below(MODES.len())], chance),
        1 => file.made = [0, 20, 0x0314, 0x0A14, 0x0B14, 0x1314, 0x033F][chance.below(7)],
        2 => file.internal = [0, 1, 2, 0xFFFF][chance.below(4)],
        3 => file.offset_shift = [1, -1, 30, -30][chance.below(4)],
        4 if chance.one_in(2) => file.describe(),
        4 => file.enlarge(),
        5 => file.comment = chance.pick(pools::COMMENTS).to_vec(),
        6 => file.after = chance.pick(pools::COMMENTS).to_vec(),
        7 => file.disk = [0, 1, 0xFFFF][chance.below(3)],
        _ => {
            let before = *chance;
            match chance.below(5) {
                0 => head(&mut file.local, chance),
                1 => head(&mut file.central, chance),
                _ => {
                    // The same change in both.
                    let mut again = before;
                    head(&mut file.local, &mut again);
                    *chance = before;
                    head(&mut file.central, chance);
                }
            }
        }
    }
}

fn head(head: &mut Head, chance: &mut Chance) {
    match chance.below(12) {
        0..4 => head.name = chance.pick(NAMES).to_vec(),
        4 => head.flags ^= FLAGS[chance.below(FLAGS.len())],
        5 => head.flags |= UTF8,
        6 => head.method = METHODS[chance.below(METHODS.len())],
        7 => head.version = VERSIONS[chance.below(VERSIONS.len())],
        8 => (head.time, head.date) = [(0, 0), (0xFFFF, 0xFFFF), (0, 0x21)][chance.below(3)],
        9 => {
            let size = SIZES[chance.below(SIZES.len())];
            match chance.below(3) {
                0 => head.size = size,
                1 => head.packed = size,
                _ => head.crc = size,
            }
        }
        10 => head.extra.extend(chance.pick(EXTRAS)),
        _ => {
            let (crc, name) = (pools::crc(&head.name), head.name.clone());
            let other = chance.pick(NAMES).to_vec();
            let said = if chance.one_in(2) { name } else { other };
            let sum = if chance.one_in(4) { 0 } else { crc };
            let body = [&[1][..], &sum.to_le_bytes(), &said].concat();
            head.extra.extend(pools::field(0x7075, &body));
        }
    }
}
