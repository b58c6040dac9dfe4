"""Reading rosters: the Excel exports of the national register, with the mess they have."""
