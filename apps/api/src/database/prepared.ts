import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/**
 * A statement of nearly every command, which people wait for: a connection parses it once, and soon plans it no more. What
 * it returns is named in it column by column: one whose result changes with its table would be refused from then on.
 */
export class PreparedStatement<Row extends pg.QueryResultRow> {
  constructor(
    /** Of no other statement. */
    private readonly name: string,
    private readonly text: string,
  ) {}

  async run(db: DataSource | pg.Pool, values: readonly unknown[]): Promise<Row[]> {
    const pool = db instanceof DataSource ? ((db.driver as PostgresDriver).master as pg.Pool) : db;
    const { rows } = await pool.query<Row>({ name: this.name, text: this.text, values: [...values] });
    return rows;
  }
}
