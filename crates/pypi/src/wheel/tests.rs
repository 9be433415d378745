//! Wheels read back and packed again.

use super::*;

const INFO: &str = "a_b-1.0.dist-info";

fn members(folder: &str, time: &str) -> Vec<Entry> {
    let sbom = format!(
        "{{\"bomFormat\": \"CycloneDX\", \"serialNumber\": \"urn:uuid:{time}\", \"metadata\": \
         {{\"timestamp\": \"{time}\"}}, \"ref\": \"path+file://{folder}#a-b@1.0\"}}"
    );
    vec![
        Entry::new(format!("{INFO}/RECORD"), "nonsense"),
        Entry::new(format!("{INFO}/RECORD.jws"), "old"),
        Entry::new(format!("{INFO}/WHEEL"), "Wheel-Version: 1.0\nTag: cp39-abi3-win_amd64\n"),
        Entry::new(format!("{INFO}/METADATA"), "Metadata-Version: 2.1\nName: A.b\nVersion: 1.0\n"),
        Entry::new(format!("{INFO}/sboms/a.json"), sbom),
        Entry::new(format!("{INFO}/sboms/other.json"), "{ }"),
        Entry::executable("a_b/lib.so", "\x7fELF"),
        Entry::new("a_b.data/scripts/x", "#!python\n"),
        Entry::new("a_b/__init__.py", ""),
    ]
}

#[test]
fn a_wheel_is_read_by_what_it_holds() {
    let bytes = archive::zip::write(&members("/x", "t"), 0).unwrap();
    let wheel = read_wheel("other-2.0-py3-none-any.whl", &bytes).unwrap();
    assert_eq!((wheel.name.as_str(), wheel.version.as_str()), ("A.b", "1.0"));
    assert_eq!(wheel.tags, [Tag::new("cp39", "abi3", "win_amd64")]);
    assert_eq!(wheel.record, None);
    assert_eq!(wheel.entry_points, Some(EntryPoints::new()));
    let sboms: Vec<&str> = wheel.sboms().map(|(path, _)| path).collect();
    assert_eq!(sboms, ["a_b-1.0.dist-info/sboms/a.json", "a_b-1.0.dist-info/sboms/other.json"]);
    assert_eq!(wheel.member("a_b/lib.so"), Some(&b"\x7fELF"[..]));
}

#[test]
fn two_packings_of_one_content_are_equal() {
    let first = archive::zip::write(&members("/home/one", "2026-01-01T00:00:00Z"), 0).unwrap();
    let mut other = members("/two/b", "2026-02-02T00:00:00Z");
    other.reverse();
    let second = archive::zip::write(&other, 1_700_000_000).unwrap();
    let epoch = 1_600_000_000;
    let packed = repack_wheel(&first, epoch).unwrap();
    assert_eq!(repack_wheel(&second, epoch).unwrap(), packed);
    assert_eq!(repack_wheel(&packed, epoch).unwrap(), packed);
    assert_ne!(repack_wheel(&first, epoch + 2).unwrap(), packed);
}

#[test]
fn a_packed_wheel_is_sorted_and_its_record_is_right() {
    let first = archive::zip::write(&members("/x", "t"), 0).unwrap();
    let packed = repack_wheel(&first, 315_532_800).unwrap();
    let wheel = read_wheel("a_b-1.0-cp39-abi3-win_amd64.whl", &packed).unwrap();
    let paths: Vec<&str> = wheel.members.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "a_b.data/scripts/x",
            "a_b/__init__.py",
            "a_b/lib.so",
            "a_b-1.0.dist-info/METADATA",
            "a_b-1.0.dist-info/WHEEL",
            "a_b-1.0.dist-info/sboms/a.json",
            "a_b-1.0.dist-info/sboms/other.json",
            "a_b-1.0.dist-info/RECORD",
        ]
    );
    let runnable: Vec<&str> =
        wheel.members.iter().filter(|e| e.executable).map(|e| e.path.as_str()).collect();
    assert_eq!(runnable, ["a_b/lib.so"]);
    for line in wheel.record.clone().unwrap() {
        let bytes = wheel.member(&line.path).unwrap();
        let own = RecordLine { hash: String::new(), size: String::new(), path: line.path.clone() };
        let expected =
            if line.path.ends_with("/RECORD") { own } else { record::line(&line.path, bytes) };
        assert_eq!(line, expected);
    }
    assert_eq!(wheel.member("a_b-1.0.dist-info/sboms/other.json"), Some(&b"{ }"[..]));
}

#[test]
fn damaged_wheels_are_refused_and_never_panic() {
    let good = archive::zip::write(&members("/x", "t"), 0).unwrap();
    let name = "a_b-1.0-cp39-abi3-win_amd64.whl";
    for end in 0..good.len() {
        assert!(read_wheel(name, &good[..end]).is_err(), "cut off at {end}");
    }
    for at in 0..good.len() {
        let mut damaged = good.clone();
        damaged[at] ^= 0xff;
        let _ = read_wheel(name, &damaged).map(|wheel| wheel.members.len());
        let _ = repack_wheel(&damaged, 0).map(|bytes| bytes.len());
    }
    let none = archive::zip::write(&[Entry::new("a/b", "")], 0).unwrap();
    assert_eq!(repack_wheel(&none, 0).unwrap_err().code.to_string(), "wheel-dist-info");
}

#[test]
fn a_wheel_with_a_flood_of_tags_is_refused() {
    let check = |lines: &[String], expected: Result<usize, &str>| {
        let mut members = members("/x", "t");
        let text = format!("Wheel-Version: 1.0\nTag: {}\n", lines.join("\nTag: "));
        members.retain(|entry| !entry.path.ends_with("/WHEEL"));
        members.push(Entry::new(format!("{INFO}/WHEEL"), text));
        let bytes = archive::zip::write(&members, 0).unwrap();
        let read = read_wheel("a_b-1.0-py3-none-any.whl", &bytes);
        let found = read.map(|wheel| wheel.tags.len()).map_err(|problem| problem.code.to_string());
        assert_eq!(found, expected.map_err(str::to_owned));
    };
    let set = |count: usize| (0..count).map(|n| format!("t{n}")).collect::<Vec<_>>().join(".");
    check(&[format!("py3-none-{}", set(1_000)), "py3-none".into()], Ok(1_000));
    check(&[format!("py3-none-{}", set(1_001))], Err("wheel-tags"));
    check(&[0, 1].map(|abi| format!("py3-abi{abi}-{}", set(501))), Err("wheel-tags"));
    check(&[format!("{0}-{0}-{0}", set(1_000))], Err("wheel-tags"));
}
