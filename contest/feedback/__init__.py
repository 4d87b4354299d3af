"""Letters to the teams: what the jury wrote, screened, with the place per criterion and no judge named."""
