//! First in, first out: goods leave in the order in which they were acquired, whatever the order of entry.

use super::Portion;
use crate::{
    Layer, LayerKey, Quantity, Stock, StockKey,
    draft::{Decided, Draft, Stop, fits},
};

/// Makes a layer of goods that come in, or puts them back into the one that they had left: there they are first in line
/// again, as if they had never been away.
pub(super) fn add(draft: &mut Draft, stock: &mut Stock, goods: Portion) -> Decided<Portion> {
    let StockKey { item, site } = stock.key();
    let numbered = |number| Layer {
        key: LayerKey { item, site, acquired_at: goods.acquired_at, number },
        quantity: goods.quantity,
        value: goods.value,
    };
    let Some(number) = goods.layer else {
        let number = stock.layers_made;
        stock.layers_made = fits(number.checked_add(1), "the number of cost layers")?;
        draft.add_layer(numbered(number))?;
        return Ok(Portion { layer: Some(number), ..goods });
    };
    draft.fill_layer(numbered(number))?;
    Ok(goods)
}

/// Takes from the oldest layers; the last unit of a layer takes what is left of its value.
pub(super) fn take(draft: &mut Draft, stock: &Stock, quantity: Quantity) -> Decided<Vec<Portion>> {
    let mut portions = Vec::with_capacity(1);
    let mut missing = quantity;
    while missing.is_positive() {
        let Some(layer) = draft.first_layer(stock.key())? else {
            return Err(Stop::Broken("the layers of a stock sum to what is on hand"));
        };
        let taken = missing.min(layer.quantity);
        let value = fits(layer.value.share(taken, layer.quantity), "the cost of goods")?;
        draft.replace_first_layer(Layer {
            key: layer.key,
            quantity: fits(layer.quantity.checked_sub(taken), "a cost layer")?,
            value: fits(layer.value.checked_sub(value), "a cost layer")?,
        })?;
        let number = Some(layer.key.number);
        portions.push(Portion { quantity: taken, value, acquired_at: layer.key.acquired_at, layer: number });
        missing = fits(missing.checked_sub(taken), "a quantity")?;
    }
    Ok(portions)
}
