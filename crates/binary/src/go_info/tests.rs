use super::*;

const START: &[u8] = b"\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6";
const END: &[u8] = b"\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2";

/// Where the one segment's data starts in the file, and the address it is loaded at.
const DATA: usize = 64 + 56;
const ADDRESS: u64 = 0x40_0000;

/// An ELF file without sections whose one segment is `data`.
fn elf(data: &[u8]) -> Vec<u8> {
    let mut file = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    file.extend([2, 0, 62, 0, 1, 0, 0, 0]);
    for word in [ADDRESS, 64, 0] {
        file.extend(u64::to_le_bytes(word));
    }
    file.extend(0_u32.to_le_bytes());
    for half in [64_u16, 56, 1, 64, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    file.extend([1, 0, 0, 0, 6, 0, 0, 0]);
    let size = data.len() as u64;
    for word in [DATA as u64, ADDRESS, ADDRESS, size, size, 16] {
        file.extend(word.to_le_bytes());
    }
    file.extend(data);
    file
}

fn marked(text: &str) -> Vec<u8> {
    [START, text.as_bytes(), END].concat()
}

/// The blob since Go 1.18, after 16 bytes of something else.
fn inline(version: &str, text: &[u8]) -> Vec<u8> {
    let mut data = vec![1; 16];
    data.extend(MAGIC);
    data.extend([8, 2]);
    data.resize(48, 0);
    for part in [version.as_bytes(), text] {
        let mut length = part.len();
        while length >= 0x80 {
            data.push(length as u8 | 0x80);
            length >>= 7;
        }
        data.push(length as u8);
        data.extend(part);
    }
    data
}

/// The blob before Go 1.18: pointers to string headers.
fn pointers(version: &str, text: &[u8]) -> Vec<u8> {
    let mut data = MAGIC.to_vec();
    data.extend([8, 0]);
    let texts = ADDRESS + 64;
    for word in [ADDRESS + 32, ADDRESS + 48, texts, version.len() as u64] {
        data.extend(word.to_le_bytes());
    }
    for word in [texts + version.len() as u64, text.len() as u64] {
        data.extend(word.to_le_bytes());
    }
    data.extend(version.as_bytes());
    data.extend(text);
    data
}

const TEXT: &str = "path\texample.org/t/cmd/t\nmod\texample.org/t\t(devel)\t\n\
    dep\ta.org/x\tv1.0.0\th1:AA=\ndep\tb.org/y\tv2.0.0\n=>\tc.org/z\tv2.1.0\th1:BB=\n\
    build\t-trimpath=true\nbuild\t-ldflags=\"-s -w\"\nbuild\tGOOS=linux\n";

fn check(data: &[u8]) {
    let info = go_build_info(&elf(data)).unwrap().unwrap();
    assert_eq!((info.go_version.as_str(), info.path.as_str()), ("go1.27.3", "example.org/t/cmd/t"));
    assert_eq!(info.main.unwrap().version, "(devel)");
    let [x, z] = info.deps.as_slice() else { panic!("two modules") };
    assert_eq!((x.path.as_str(), x.sum.as_str()), ("a.org/x", "h1:AA="));
    assert_eq!((z.path.as_str(), z.sum.as_str()), ("c.org/z", "h1:BB="));
    assert_eq!(z.replaces, Some(("b.org/y".into(), "v2.0.0".into())));
    assert_eq!(info.settings[1], ("-ldflags".into(), "-s -w".into()));
}

#[test]
fn modules_and_settings_are_read_in_both_layouts() {
    check(&inline("go1.27.3", &marked(TEXT)));
    check(&pointers("go1.27.3", &marked(TEXT)));
}

#[test]
fn a_program_without_modules_still_names_its_toolchain() {
    let info = go_build_info(&elf(&inline("go1.27.3", b""))).unwrap().unwrap();
    assert_eq!(info, GoBuildInfo { go_version: "go1.27.3".into(), ..GoBuildInfo::default() });
}

#[test]
fn what_go_did_not_make_has_no_build_information() {
    assert_eq!(go_build_info(&elf(&[0; 256])).unwrap(), None);
    // The magic word counts at multiples of 16 only.
    let shifted = [&[0; 8], inline("go1.27.3", b"").as_slice()].concat();
    assert_eq!(go_build_info(&elf(&shifted)).unwrap(), None);
    assert_eq!(go_build_info(b"text").unwrap_err().code.to_string(), "binary-broken");
}

#[test]
fn lengths_and_pointers_that_lead_nowhere_are_told() {
    let refused = |data: &[u8]| {
        assert_eq!(go_build_info(&elf(data)).unwrap_err().code.to_string(), "go-build-info");
    };
    let whole = inline("go1.27.3", &marked(TEXT));
    refused(&whole[..whole.len() - 1]);
    let mut endless = inline("", b"");
    endless.truncate(48);
    endless.extend([0xff; 20]);
    refused(&endless);
    let mut away = pointers("go1.27.3", b"");
    away[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
    refused(&away);
    let mut long = pointers("go1.27.3", b"");
    long[40..48].copy_from_slice(&u64::MAX.to_le_bytes());
    refused(&long);
}

#[test]
fn segments_that_lie_over_each_other_are_searched_within_the_budget() {
    let mut file = elf(&[1; 10_000]);
    // The program header again and again, in front of the data that all of them name.
    let header = file[64..DATA].to_vec();
    file.splice(DATA..DATA, header.repeat(9));
    file[56..58].copy_from_slice(&10_u16.to_le_bytes());
    let parsed = File::parse(&*file).unwrap();
    let find = |limit| find(&parsed, &Budget::limited(limit));
    assert_eq!(find(100_000), Ok(None));
    assert_eq!(find(99_999), Err(Exhausted { limit: 99_999 }));
}
