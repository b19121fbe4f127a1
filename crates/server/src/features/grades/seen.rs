//! What the last grading saw of everybody, so that the next one looks again only at
//! those of whom it may say something else.
//!
//! It is a file beside the book and tells nothing that could not be worked out again:
//! a grading that finds none, or one that does not fit, looks at everybody. The file is
//! gone while a grading writes, so that one that is cut short is followed by one of
//! everybody.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::plan::Looks;

const MAGIC: [u8; 8] = *b"CLSEEN01";
/// Bytes of the numbers at the start, of one customer, and of the check sum at the end.
const HEAD: usize = 40;
const ONE: usize = 20;
const SUM: usize = 32;

/// A file of one run.
pub(super) struct Seen {
    /// The run.
    pub run_id: i64,
    /// The scheme it used.
    pub version: i64,
    /// As of when, see [`number`].
    pub as_of: i64,
    /// What happened after this place in the feed may not have been seen.
    pub feed_seq: i64,
    /// By ascending ids.
    pub customers: Vec<One>,
}

/// One customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct One {
    pub id: i64,
    /// A digest of everything that their row was made of.
    pub digest: u64,
    /// The first day on which time alone may change it, see [`number`].
    pub due: i32,
}

/// No day at all.
pub(super) const NEVER: i32 = i32::MAX;

/// A date as a number that sorts like it.
pub(super) fn number(date: Date) -> i32 {
    (i32::from(date.year()) * 100 + i32::from(date.month())) * 100 + i32::from(date.day())
}

/// Where the file is in a data folder.
pub(super) fn path(data: &Path) -> PathBuf {
    data.join("grades.seen")
}

impl Seen {
    /// Takes the file away; none where there is no whole one.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        match fs::read(path) {
            Ok(bytes) => {
                fs::remove_file(path)?;
                Ok(Self::parse(&bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the file, whole or not at all.
    pub fn put(&self, path: &Path) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(HEAD + self.customers.len() * ONE + SUM);
        bytes.extend(MAGIC);
        for head in [self.run_id, self.version, self.as_of, self.feed_seq] {
            bytes.extend(head.to_le_bytes());
        }
        for one in &self.customers {
            bytes.extend(one.id.to_le_bytes());
            bytes.extend(one.digest.to_le_bytes());
            bytes.extend(one.due.to_le_bytes());
        }
        let sum = Sha256::digest(&bytes);
        bytes.extend(sum);
        let aside = path.with_extension("part");
        let mut file = File::create(&aside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(aside, path)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (bytes, sum) = bytes.split_last_chunk::<SUM>()?;
        if Sha256::digest(bytes).as_slice() != sum {
            return None;
        }
        let (head, customers) = bytes.split_at_checked(HEAD)?;
        let (magic, head) = head.as_chunks::<8>().0.split_first()?;
        let &[run_id, version, as_of, feed_seq] = head else {
            return None;
        };
        let one = |bytes: &[u8; ONE]| {
            let (id, rest) = bytes.split_first_chunk()?;
            let (digest, due) = rest.split_first_chunk()?;
            Some(One {
                id: i64::from_le_bytes(*id),
                digest: u64::from_le_bytes(*digest),
                due: i32::from_le_bytes(due.try_into().ok()?),
            })
        };
        let customers = customers
            .as_chunks()
            .0
            .iter()
            .map(one)
            .collect::<Option<_>>()?;
        (*magic == MAGIC).then_some(Seen {
            run_id: i64::from_le_bytes(run_id),
            version: i64::from_le_bytes(version),
            as_of: i64::from_le_bytes(as_of),
            feed_seq: i64::from_le_bytes(feed_seq),
            customers,
        })
    }

    /// Those whose rows may be others by a day: what is looked at has changed, time has
    /// come, or something happened to them. `happened` is sorted; so is the answer.
    pub fn due(&self, looks: &Looks, happened: &[i64], as_of: Date) -> Vec<i64> {
        let today = number(as_of);
        let mut due = happened.to_vec();
        let mut seen = self.customers.iter().peekable();
        for look in looks.ascending() {
            // Those before have no orders any more, or never had any.
            while let Some(gone) = seen.next_if(|one| one.id < look.id) {
                if gone.digest != 0 || gone.due <= today {
                    due.push(gone.id);
                }
            }
            let one = seen.next_if(|one| one.id == look.id);
            if one.is_none_or(|one| one.digest != look.digest || one.due <= today) {
                due.push(look.id);
            }
        }
        let gone = seen.filter(|one| one.digest != 0 || one.due <= today);
        due.extend(gone.map(|one| one.id));
        due.sort_unstable();
        due.dedup();
        due
    }

    /// The customers after a run that looked at some of them: `again` is what it saw, and
    /// those of `looked_at` it did not see are gone. All three are sorted.
    pub fn with(self, looked_at: &[i64], again: Vec<One>) -> Vec<One> {
        let mut customers = self.customers;
        customers.retain(|one| looked_at.binary_search(&one.id).is_err());
        customers.extend(again);
        customers.sort_unstable_by_key(|one| one.id);
        customers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_back_once_and_only_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(folder.path());
        let customers = (0..3).map(|id| One {
            id,
            digest: u64::MAX - id as u64,
            due: NEVER,
        });
        let seen = Seen {
            run_id: -7,
            version: 2,
            as_of: 20_261_122,
            feed_seq: 9,
            customers: customers.collect(),
        };
        seen.put(&path).unwrap();
        let bytes = fs::read(&path).unwrap();
        let again = Seen::take(&path).unwrap().unwrap();
        assert_eq!((again.run_id, again.version), (-7, 2));
        assert_eq!((again.as_of, again.feed_seq), (20_261_122, 9));
        assert_eq!(again.customers, seen.customers);
        assert!(Seen::take(&path).unwrap().is_none());
        for at in [0, 9, 50, bytes.len() - 1] {
            let mut torn = bytes.clone();
            torn[at] ^= 1;
            fs::write(&path, torn).unwrap();
            assert!(Seen::take(&path).unwrap().is_none(), "byte {at}");
            fs::write(&path, &bytes[..at]).unwrap();
            assert!(Seen::take(&path).unwrap().is_none(), "{at} bytes");
        }
    }
}
