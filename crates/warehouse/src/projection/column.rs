//! Whole numbers in as few bytes as their span needs.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Where a column's numbers stand among the bytes, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Column {
    /// Each number is kept as its distance from the lowest.
    pub(super) lowest: i64,
    /// The highest number.
    pub(super) highest: i64,
    /// Where the first distance stands.
    start: u64,
}

/// Bytes of one distance: none where all numbers are the same.
fn width(lowest: i64, highest: i64) -> usize {
    match highest.wrapping_sub(lowest).cast_unsigned() {
        0 => 0,
        1..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    }
}

impl Column {
    /// Puts a column behind what is there already.
    pub(super) fn write(numbers: &[i64], bytes: &mut Vec<u8>) -> Self {
        let lowest = numbers.iter().copied().min().unwrap_or(0);
        let highest = numbers.iter().copied().max().unwrap_or(0);
        let start = bytes.len() as u64;
        let width = width(lowest, highest);
        bytes.reserve(width * numbers.len());
        for number in numbers {
            let distance = number.wrapping_sub(lowest).to_le_bytes();
            bytes.extend_from_slice(&distance[..width]);
        }
        Self {
            lowest,
            highest,
            start,
        }
    }

    /// Reads the numbers at some places; `offset` is where the bytes begin.
    pub(super) fn read(
        &self,
        file: &mut (impl Read + Seek),
        offset: u64,
        places: Range<usize>,
    ) -> io::Result<Numbers> {
        let width = width(self.lowest, self.highest);
        let mut bytes = vec![0; width * places.len()];
        if !bytes.is_empty() {
            let skipped = (width * places.start) as u64;
            file.seek(SeekFrom::Start(offset + self.start + skipped))?;
            file.read_exact(&mut bytes)?;
        }
        Ok(Numbers {
            lowest: self.lowest,
            width,
            bytes,
        })
    }
}

/// Numbers of a column in memory; by default zeros everywhere.
#[derive(Default)]
pub(super) struct Numbers {
    lowest: i64,
    width: usize,
    bytes: Vec<u8>,
}

impl Numbers {
    /// The number at a place, counted from the first that was read.
    #[inline]
    pub(super) fn at(&self, place: usize) -> i64 {
        let distance = match self.width {
            0 => 0,
            1 => u64::from(self.bytes[place]),
            2 => u64::from(u16::from_le_bytes(self.bytes.as_chunks().0[place])),
            4 => u64::from(u32::from_le_bytes(self.bytes.as_chunks().0[place])),
            _ => u64::from_le_bytes(self.bytes.as_chunks().0[place]),
        };
        self.lowest.wrapping_add_unsigned(distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_whatever_their_span() {
        let columns: [&[i64]; 7] = [
            &[],
            &[7, 7, 7],
            &[-3, 252, 0],
            &[1 << 40, (1 << 40) + 65_535, (1 << 40) + 9],
            &[i64::from(i32::MIN), 0, 5],
            &[i64::MIN, i64::MAX, 0, -1],
            &[i64::MAX],
        ];
        let mut bytes = b"before".to_vec();
        let written = columns.map(|numbers| Column::write(numbers, &mut bytes));
        let mut file = io::Cursor::new([b"header".to_vec(), bytes].concat());
        for (numbers, column) in columns.into_iter().zip(written) {
            for places in [0..numbers.len(), numbers.len() / 2..numbers.len()] {
                let read = column.read(&mut file, 6, places.clone()).unwrap();
                let read: Vec<i64> = (0..places.len()).map(|place| read.at(place)).collect();
                assert_eq!(read, numbers[places]);
            }
        }
        let beyond = Column::write(&[1, 2], &mut Vec::new());
        assert!(beyond.read(&mut file, 0, 0..10_000).is_err());
    }
}
