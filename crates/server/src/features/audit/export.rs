//! The audit file: one row an entry, in the order of the chain.

use clientele_domain::id::UserId;
use clientele_warehouse::parquet::{Kind, Value};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::api::{outside, people_of};
use crate::{
    app::App,
    entities::audit_entry::{Column, Entity, Model},
    error::Result,
    export::{Format, PAGE, Sheet, Sink},
    http::instant,
};

const COLUMNS: [(&str, Kind); 10] = [
    ("seq", Kind::Whole),
    ("at", Kind::Text),
    ("actor_id", Kind::Text),
    ("actor", Kind::Text),
    ("address", Kind::Text),
    ("action", Kind::Text),
    ("noun", Kind::Text),
    ("noun_id", Kind::Text),
    ("detail", Kind::Text),
    ("hash", Kind::Text),
];

/// Writes the entries of a selection; answers how many.
///
/// # Errors
/// When the book fails, or the format cannot hold so many.
pub(super) async fn write_entries(
    app: &App,
    select: Select<Entity>,
    (format, lossless): (Format, bool),
    sink: Sink<'_>,
) -> Result<u64> {
    let connection = app.db.read();
    let mut sheet = Sheet::new(format, &COLUMNS, lossless)?;
    let (mut last, mut count) = (0, 0);
    loop {
        let rows = select
            .clone()
            .filter(Column::Seq.gt(last))
            .order_by_asc(Column::Seq)
            .limit(PAGE)
            .all(connection)
            .await?;
        let people = people_of(connection, &rows).await?;
        for row in &rows {
            let name = people.get(&row.actor).map_or("", String::as_str);
            sheet.push(cells(row, name))?;
        }
        count += rows.len() as u64;
        last = rows.last().map_or(last, |row| row.seq);
        if !sink(sheet.take()?).await? {
            return Ok(count);
        }
        if (rows.len() as u64) < PAGE {
            break;
        }
    }
    sink(sheet.finish()?).await?;
    Ok(count)
}

fn cells(row: &Model, actor: &str) -> Vec<Value> {
    let text = |text: &str| match text {
        "" => Value::Nothing,
        text => Value::Text(text.to_owned()),
    };
    let actor_id = (row.actor != 0).then(|| UserId(row.actor).to_string());
    let noun_id = (row.noun_id != 0).then(|| outside(&row.noun, row.noun_id));
    vec![
        Value::Whole(row.seq),
        Value::Text(instant(row.at)),
        text(&actor_id.unwrap_or_default()),
        text(actor),
        text(&row.address),
        text(&row.action),
        text(&row.noun),
        text(&noun_id.unwrap_or_default()),
        text(&row.detail),
        text(&row.hash),
    ]
}
