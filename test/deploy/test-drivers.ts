export { driverFor as testDrivers } from "../../src/drivers/registry.ts";
