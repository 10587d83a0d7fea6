"""Import tax on retail imports (Caiguanshui 2016 No. 18, 2018 No. 49), the buyer's yearly quota, and the tax rates."""
