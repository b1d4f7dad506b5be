export default class Registry {
  metrics(): Promise<string>;
}
