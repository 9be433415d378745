//! Source distributions read back and packed again.

use super::*;

const INFO: &str = "Metadata-Version: 2.2\nName: a\nVersion: 1\n";

fn file(path: &str, text: &'static str, mode: u32) -> Member<'static> {
    Member { path: path.to_owned(), kind: Kind::File, mode, uid: 1000, bytes: text.as_bytes() }
}

fn folder(path: &str) -> Member<'static> {
    Member { path: path.to_owned(), kind: Kind::Folder, mode: 0o755, uid: 0, bytes: b"" }
}

/// Makes the member at `path` a link (`type_flag` 1 or 2) or a device (3); USTAR's own fields.
fn turn_into(tar: &mut [u8], path: &str, type_flag: u8, target: &str) {
    let block = tar.chunks_mut(512).find(|block| block.starts_with(path.as_bytes())).unwrap();
    block[156] = type_flag;
    block[157..157 + target.len()].copy_from_slice(target.as_bytes());
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
}

fn sdist(members: &[Member<'_>], epoch: u64, level: u32) -> Vec<u8> {
    archive::gzip::write_with(&archive::tar::write_members(members, epoch).unwrap(), level)
}

fn good() -> Vec<Member<'static>> {
    vec![
        folder("a-1"),
        file("a-1/setup.sh", "#!/bin/sh\n", 0o755),
        file("a-1/PKG-INFO", INFO, 0o600),
        file("a-1/b/c.py", "x\n", 0o664),
    ]
}

#[test]
fn a_source_distribution_is_read_by_what_it_holds() {
    let read = read_sdist("other-2.tar.gz", &sdist(&good(), 5, 9)).unwrap();
    assert_eq!((read.name.as_str(), read.version.as_str(), read.top.as_str()), ("a", "1", "a-1"));
    assert_eq!(read.member("b/c.py"), Some(&b"x\n"[..]));
    assert_eq!(read_sdist("a-1.zip", b"").unwrap_err().code.to_string(), "sdist-name");
}

#[test]
fn two_packings_of_one_content_are_equal() {
    let mut other = good();
    other.reverse();
    for member in &mut other {
        member.uid = 7;
        member.mode = if member.mode & 0o100 != 0 { 0o700 } else { 0o640 };
    }
    let packed = repack_sdist(&sdist(&good(), 5, 9), 99).unwrap();
    assert_eq!(repack_sdist(&sdist(&other, 6, 1), 99).unwrap(), packed);
    assert_eq!(repack_sdist(&packed, 99).unwrap(), packed);
    assert_ne!(repack_sdist(&packed, 100).unwrap(), packed);
    let read = read_sdist("a-1.tar.gz", &packed).unwrap();
    let paths: Vec<(&str, bool)> =
        read.members.iter().map(|entry| (entry.path.as_str(), entry.executable)).collect();
    let expected = [("a-1/PKG-INFO", false), ("a-1/b/c.py", false), ("a-1/setup.sh", true)];
    assert_eq!(paths, expected);
}

#[test]
fn links_become_copies_or_are_refused() {
    let check = |path: &str, type_flag: u8, target: &str, expected: Result<&str, &str>| {
        let mut members = good();
        members.push(file(path, "", 0o644));
        let mut tar = archive::tar::write_members(&members, 0).unwrap();
        turn_into(&mut tar, path, type_flag, target);
        let found = repack_sdist(&archive::gzip::write(&tar), 0);
        match (found, expected) {
            (Ok(bytes), Ok(text)) => {
                let read = read_sdist("a-1.tar.gz", &bytes).unwrap();
                let inside = path.strip_prefix("a-1/").unwrap();
                assert_eq!(read.member(inside), Some(text.as_bytes()), "{target}");
            }
            (Err(problem), Err(code)) => assert_eq!(problem.code.to_string(), code, "{target}"),
            (found, _) => panic!("{target}: {found:?}"),
        }
    };
    check("a-1/l", b'2', "b/c.py", Ok("x\n"));
    check("a-1/b/l", b'2', "../b/./c.py", Ok("x\n"));
    check("a-1/l", b'1', "a-1/b/c.py", Ok("x\n"));
    check("a-1/l", b'2', "gone", Err("sdist-link"));
    check("a-1/l", b'2', "b", Err("sdist-link"));
    check("a-1/l", b'2', "l", Err("sdist-link"));
    check("a-1/l", b'2', "../../etc/passwd", Err("sdist-link"));
    check("a-1/l", b'2', "/etc/passwd", Err("sdist-link"));
    check("a-1/l", b'3', "", Err("archive-special-file"));
}

#[test]
fn links_count_with_the_size_of_what_they_point_at() {
    let check = |links: usize, type_flag: u8, target: &str, expected: Result<usize, &str>| {
        let big = Member { bytes: &[0; 1 << 20], ..file("a-1/big", "", 0o644) };
        let names: Vec<String> = (0..links).map(|link| format!("a-1/link{link:03}")).collect();
        let members =
            good().into_iter().chain([big]).chain(names.iter().map(|name| file(name, "", 0o644)));
        let mut tar = archive::tar::write_members(&members.collect::<Vec<_>>(), 0).unwrap();
        names.iter().for_each(|name| turn_into(&mut tar, name, type_flag, target));
        let packed = archive::gzip::write(&tar);
        let read = read_sdist("a-1.tar.gz", &packed).map(|sdist| sdist.members.len());
        assert_eq!(
            read.map_err(|problem| problem.code.to_string()),
            expected.map_err(str::to_owned)
        );
        let packed =
            repack_sdist(&packed, 0).map(|_| ()).map_err(|problem| problem.code.to_string());
        assert_eq!(packed, expected.map(|_| ()).map_err(str::to_owned));
    };
    // What is small when packed may come to 64 MiB.
    check(60, b'1', "a-1/big", Ok(64));
    check(60, b'2', "big", Ok(64));
    check(64, b'1', "a-1/big", Err("archive-bomb"));
    check(64, b'2', "big", Err("archive-bomb"));
}

#[test]
fn more_than_one_folder_at_the_root_is_refused() {
    let check = |path: &str| {
        let mut members = good();
        members.push(file(path, "", 0o644));
        assert_eq!(
            repack_sdist(&sdist(&members, 0, 6), 0).unwrap_err().code.to_string(),
            "sdist-top-level"
        );
    };
    check("b-1/x");
    check("README");
}

#[test]
fn damaged_source_distributions_are_refused_and_never_panic() {
    let good = sdist(&good(), 0, 6);
    for end in 0..good.len() {
        assert!(read_sdist("a-1.tar.gz", &good[..end]).is_err(), "cut off at {end}");
    }
    for at in 0..good.len() {
        let mut damaged = good.clone();
        damaged[at] ^= 0xff;
        let _ = read_sdist("a-1.tar.gz", &damaged).map(|sdist| sdist.members.len());
    }
}

#[test]
fn each_name_of_a_link_is_looked_up_once() {
    // Every link of the chain `l0 -> l1 -> … -> file` is followed to its end.
    let spent = |links: usize| {
        let link = |at: usize| Member {
            path: format!("a/l{at:05}"),
            kind: Kind::Symlink(format!("l{:05}", (at + 1) % links)),
            ..file("", "", 0o644)
        };
        let members: Vec<Member<'_>> = (0..links).map(link).collect();
        let budget = Budget::of(0);
        let steps = steps(&members, &budget).unwrap();
        assert_eq!(follow(0, &steps), None, "a ring has no end");
        Budget::of(0).left() - budget.left()
    };
    assert_eq!(spent(1_000), 1_000 * 14);
    assert_eq!(spent(4_000), 4 * spent(1_000));
}

#[test]
fn links_with_long_names_cost_what_their_names_do() {
    let link = |kind: Kind| Member { path: "a/b".to_owned(), kind, ..file("", "", 0o644) };
    let long = "x".repeat(1_000);
    let check = |kind: Kind| {
        let members = vec![link(kind); 100];
        assert!(steps(&members, &Budget::limited(200_000)).is_ok());
        assert_eq!(steps(&members, &Budget::limited(50_000)), Err(Exhausted { limit: 50_000 }));
    };
    check(Kind::Symlink(long.clone()));
    check(Kind::Hardlink(long));
}
