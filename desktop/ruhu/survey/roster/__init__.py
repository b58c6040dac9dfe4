"""Read rosters: Excel exports of the national register, with their irregularities."""
