//! The orders once more, narrow and by customer, for questions that look at all of them.
//!
//! Every Parquet file of the orders has a projection beside the tables: the few columns
//! that questions read, each number in as few bytes as it needs, rows in the order of
//! their customers. A question walks through all projections side by side and sees one
//! customer after the other with everything they did, so that nothing is joined, sorted
//! or counted in sets; stretches of customers are looked at on all threads at once.
//!
//! An order brings its lines along, so that they need not be looked for elsewhere: they
//! change only when the order is brought again, and then its file is another one.
//!
//! Projections follow from the files alone, which never change. A sync makes those of
//! new files and removes those of files that are gone; one that is missing or torn is
//! made again when a question needs it.

mod column;
mod document;
mod file;
mod goods;
mod links;
mod orders;
mod slice;

use std::io;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::files::{self, File};
use crate::rows::OrderRow;
use crate::tables::Tables;
use file::Projection;

pub(crate) use document::{Customer, Document};
pub(crate) use orders::{Detail, Orders};

/// Where the projection of a file is.
fn path(folder: &Path, file: &File) -> PathBuf {
    let path = file.view.object_store_path();
    let name = path.filename().unwrap_or_default();
    folder.join(name).with_extension("orders")
}

/// The projections' folder in that of a warehouse.
pub(crate) fn folder(warehouse: &Path) -> PathBuf {
    warehouse.join("projections")
}

/// Makes the projections that are missing and removes those of files that are gone.
pub(crate) async fn follow(folder: &Path, tables: &Tables) -> Result<()> {
    let mut live = Vec::new();
    for (path, _) in open_all(folder, tables).await? {
        live.push(path);
    }
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if !live.contains(&path) {
            match std::fs::remove_file(&path) {
                // Somebody else removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => other?,
            }
        }
    }
    Ok(())
}

/// How many projections are not what follows from their files.
pub(crate) async fn wrong(folder: &Path, tables: &Tables) -> Result<usize> {
    let mut wrong = 0;
    for file in files::list::<OrderRow>(&tables.orders)? {
        let path = path(folder, &file);
        // One that is missing or torn is made again when it is needed.
        if Projection::open(&path)?.is_none() {
            continue;
        }
        wrong += usize::from(std::fs::read(&path)? != project(tables, &file).await?);
    }
    Ok(wrong)
}

async fn project(tables: &Tables, file: &File) -> Result<Vec<u8>> {
    let batches = files::read(&tables.orders, file, None).await?;
    file::project(&batches, &tables.order_lines).await
}

async fn open_all(folder: &Path, tables: &Tables) -> Result<Vec<(PathBuf, Projection)>> {
    let mut all = Vec::new();
    for file in files::list::<OrderRow>(&tables.orders)? {
        let path = path(folder, &file);
        let projection = match Projection::open(&path)? {
            Some(projection) => projection,
            None => {
                file::put(&path, &project(tables, &file).await?)?;
                let removed = || io::Error::other("a projection was removed while it was made");
                Projection::open(&path)?.ok_or_else(removed)?
            }
        };
        all.push((path, projection));
    }
    Ok(all)
}
