use std::path::PathBuf;

use forge::{Fault, Forge, Kind, On, RegistrySetup, Service, Setup};

use super::*;

#[test]
fn chunks_cover_a_blob_once_from_wherever_it_resumes() {
    let check = |offset, size, expected| {
        assert_eq!(chunk(offset, size, 4), expected, "{offset} of {size}");
    };
    check(0, 0, None);
    check(0, 3, Some((0, 3)));
    check(0, 9, Some((0, 4)));
    check(4, 9, Some((4, 4)));
    check(7, 9, Some((7, 2)));
    check(9, 9, None);
    check(10, 9, None);
    check(u64::MAX - 1, u64::MAX, Some((u64::MAX - 1, 1)));
}

#[test]
fn a_range_tells_how_much_arrived() {
    let check = |range: &str, expected| assert_eq!(received(range), expected, "{range}");
    check("0-1023", Some(1024));
    check("bytes=0-1023", Some(1024));
    check("0-0", Some(0));
    check("", None);
    check("5-9", None);
    check("0-", None);
    check("0-18446744073709551615", None);
    check("0--1", None);
}

/// A blob, brought to a registry that fails as told. Gives each request as method, bytes received
/// and status.
fn put(faults: &[Fault], size: usize, expected: Result<(), &str>) -> Vec<(String, u64, u16)> {
    let registry = RegistrySetup { patch_limit: Some(CHUNK), ..RegistrySetup::default() };
    let forge = Forge::start(Setup { registry, ..Setup::default() }).unwrap();
    for fault in faults {
        forge.inject(fault.clone());
    }
    let http = crate::http::Http::new(crate::http::Patience::without_waits(3)).unwrap();
    let host = forge.host(Service::Registry);
    let own = Registry::new(&http, &host, &crate::oci::Keychain::default()).unwrap();
    let bytes: Bytes = (0..size).map(|at| (at % 251) as u8).collect::<Vec<u8>>().into();
    let digest = Digest::of(&bytes);
    let source = Source::Bytes(bytes.clone());
    let put = http.block_on(own.put_blob("o/r", &digest, size as u64, &source, None));
    assert_eq!(put.map_err(|problem| problem.code.to_string()), expected.map_err(str::to_owned));
    let held = forge
        .registry()
        .repositories
        .get("o/r")
        .and_then(|repository| repository.blobs.get(&digest.to_string()).cloned());
    assert_eq!(held, expected.ok().map(|()| bytes));
    let told = |entry: forge::Entry| (entry.method, entry.received, entry.status.unwrap_or(0));
    forge.log().into_iter().map(told).collect()
}

fn chunks(log: &[(String, u64, u16)]) -> Vec<u64> {
    log.iter().filter(|(method, ..)| method == "PATCH").map(|(_, bytes, _)| *bytes).collect()
}

#[test]
fn a_broken_upload_goes_on_where_it_broke() {
    let whole = || Fault::once(On::containing("PUT", "/blobs/"), Kind::DropRequest(1 << 20));
    let patch = || On::containing("PATCH", "/blobs/");
    let size = (9 << 20) + 3;
    assert!(chunks(&put(&[], size, Ok(()))).is_empty());
    let all = [4 << 20, 4 << 20, (1 << 20) + 3];
    assert_eq!(chunks(&put(&[whole()], size, Ok(()))), all);
    // The second chunk breaks after a quarter: what arrived of it is not sent again.
    let broken = Fault::once(patch(), Kind::DropRequest(1 << 20)).after(1);
    let sent = chunks(&put(&[whole(), broken], size, Ok(())));
    assert_eq!(sent, [4 << 20, 1 << 20, 4 << 20, 3]);
    // The answer to it is lost: all of it arrived.
    let lost = Fault::once(patch(), Kind::DropResponse(0)).after(1);
    assert_eq!(chunks(&put(&[whole(), lost], size, Ok(()))), all);
    let refused = Fault::once(patch(), Kind::Status(503)).after(2);
    let sent = chunks(&put(&[whole(), refused], size, Ok(())));
    assert_eq!(sent.iter().filter(|bytes| **bytes == 4 << 20).count(), 2, "{sent:?}");
}

#[test]
fn an_upload_that_never_gets_through_ends() {
    let always = |kind| Fault::always(On::containing("*", "/blobs/uploads/"), kind);
    put(&[always(Kind::DropRequest(0))], 100, Err("remote-unreachable"));
    put(&[always(Kind::Status(403))], 100, Err("credentials-missing"));
    let log = put(&[always(Kind::Status(503))], 100, Err("registry-refused"));
    assert!(log.len() < 20, "{log:?}");
}

#[test]
fn a_blob_that_arrived_although_its_answer_was_lost_is_not_sent_again() {
    let lost = Fault::once(On::containing("PUT", "/blobs/"), Kind::DropResponse(0));
    let log = put(&[lost], 100, Ok(()));
    assert_eq!(log.iter().filter(|(method, ..)| method == "PUT").count(), 1, "{log:?}");
    assert!(chunks(&log).is_empty(), "{log:?}");
}

#[test]
fn a_part_of_a_file_or_of_memory_is_the_same_part() {
    let memory = Source::Bytes(Bytes::from_static(b"0123456789"));
    let Content::Bytes(part) = memory.part(3, 4) else { panic!("bytes stay bytes") };
    assert_eq!(&part[..], b"3456");
    let Content::Bytes(part) = memory.part(8, u64::MAX) else { panic!("bytes stay bytes") };
    assert_eq!(&part[..], b"89");
    let Content::File { offset, length, .. } = Source::File(PathBuf::from("x")).part(3, 4) else {
        panic!("files stay files")
    };
    assert_eq!((offset, length), (3, 4));
}
